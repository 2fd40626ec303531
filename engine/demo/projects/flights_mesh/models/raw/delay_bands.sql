MODEL (
  name raw.delay_bands,
  kind SEED (
    path '../../seeds/delay_bands.csv'
  ),
  columns (
    band INT,
    label TEXT,
    from_minutes INT,
    to_minutes INT
  ),
  description 'Names for stretches of departure delay.',
  audits (unique_values(columns := (label)))
);
