"""What people write down, or what is found in its place: projects, environments, jobs and settings (DESIGN §8)."""
