"""What people do about runs that are there: acknowledge, archive, rename, delete; and who did what."""
