-- Who may use the engine over TCP. The tokens themselves are nowhere: `digest` is the SHA-256 of one.
CREATE TABLE tokens (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    digest BLOB NOT NULL UNIQUE,
    scope TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    created_by TEXT,
    last_used_at INTEGER,
    revoked_at INTEGER,
    revoked_by TEXT
);
CREATE UNIQUE INDEX open_tokens ON tokens (name) WHERE revoked_at IS NULL;

-- What was answered to requests that named a key, so that the same request is not carried out twice.
-- Without a status, it is being carried out, or was when an engine ended.
CREATE TABLE kept_answers (
    token INTEGER NOT NULL,
    key TEXT NOT NULL,
    request BLOB NOT NULL, -- SHA-256 of method, path and body
    asked_at INTEGER NOT NULL,
    status INTEGER,
    location TEXT,
    body TEXT,
    PRIMARY KEY (token, key)
) WITHOUT ROWID;
CREATE INDEX kept_answers_by_age ON kept_answers (asked_at);

-- The deliveries of webhooks that were taken, so that none is carried out twice.
CREATE TABLE webhook_deliveries (
    webhook TEXT NOT NULL,
    delivery TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    PRIMARY KEY (webhook, delivery)
) WITHOUT ROWID;
CREATE INDEX webhook_deliveries_by_age ON webhook_deliveries (received_at);
