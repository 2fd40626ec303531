-- Whether people were told of a run's end, or need not be; of runs of the past they need not.
ALTER TABLE runs ADD COLUMN told INTEGER NOT NULL DEFAULT 1;
UPDATE runs SET told = 0 WHERE status IN ('scheduled', 'queued', 'running', 'stopping');
CREATE INDEX runs_untold ON runs (id) WHERE told = 0;

-- What people are told, one row a message and channel: written before it is sent, so that no end of an engine loses it.
CREATE TABLE notifications (
    id INTEGER PRIMARY KEY,
    channel TEXT NOT NULL,
    occasion TEXT NOT NULL,
    run_id INTEGER NOT NULL,
    project TEXT NOT NULL,
    environment TEXT NOT NULL,
    causes TEXT NOT NULL DEFAULT '[]', -- fingerprints of what failed
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    due_at INTEGER NOT NULL, -- later than it was made in quiet hours, and after a delivery that failed
    attempts INTEGER NOT NULL DEFAULT 0,
    sent_at INTEGER,
    problem TEXT -- why it was not delivered the last time
);
CREATE UNIQUE INDEX notifications_once ON notifications (channel, occasion, run_id);
CREATE INDEX notifications_due ON notifications (due_at) WHERE sent_at IS NULL;
