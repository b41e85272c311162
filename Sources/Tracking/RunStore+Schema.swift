import GRDB

extension RunStore {
    /// What a store holds, step by step as the versions of this tool have extended it. A step that has been published is never changed.
    ///
    /// `point` and `result` keep a row number of their own, by which `repair` can walk what is readable of a damaged file,
    /// and all are `STRICT`, so that no garbage comes with it.
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 runs, points, evaluations, artifacts") { database in
            try database.execute(sql: """
                CREATE TABLE run (
                    id INTEGER PRIMARY KEY,
                    key TEXT NOT NULL UNIQUE,
                    name TEXT NOT NULL,
                    kind TEXT NOT NULL,
                    status TEXT NOT NULL,
                    reason TEXT,
                    game TEXT,
                    seed INTEGER,
                    steps INTEGER,
                    step INTEGER,
                    configuration TEXT NOT NULL DEFAULT '{}',
                    identity TEXT NOT NULL DEFAULT '{}',
                    version TEXT NOT NULL DEFAULT '',
                    code TEXT,
                    machine TEXT NOT NULL DEFAULT '',
                    process TEXT,
                    command TEXT NOT NULL DEFAULT '',
                    folder TEXT,
                    note TEXT NOT NULL DEFAULT '',
                    created REAL NOT NULL,
                    updated REAL NOT NULL,
                    deleted REAL
                ) STRICT;
                CREATE INDEX run_name ON run(name);
                CREATE INDEX run_folder ON run(folder);
                CREATE TABLE tag (
                    run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
                    name TEXT NOT NULL,
                    UNIQUE (run, name)
                ) STRICT;
                CREATE TABLE series (
                    id INTEGER PRIMARY KEY,
                    run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
                    kind TEXT NOT NULL,
                    name TEXT NOT NULL,
                    identity TEXT NOT NULL DEFAULT '{}',
                    UNIQUE (run, kind, name, identity)
                ) STRICT;
                CREATE TABLE point (
                    id INTEGER PRIMARY KEY,
                    series INTEGER NOT NULL REFERENCES series(id) ON DELETE CASCADE,
                    step INTEGER NOT NULL,
                    time REAL,
                    value REAL,
                    lower REAL,
                    upper REAL,
                    UNIQUE (series, step)
                ) STRICT;
                CREATE TABLE evaluation (
                    id INTEGER PRIMARY KEY,
                    run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
                    kind TEXT NOT NULL,
                    created REAL NOT NULL,
                    command TEXT NOT NULL DEFAULT '',
                    report TEXT NOT NULL
                ) STRICT;
                CREATE INDEX evaluation_run ON evaluation(run);
                CREATE TABLE result (
                    id INTEGER PRIMARY KEY,
                    evaluation INTEGER NOT NULL REFERENCES evaluation(id) ON DELETE CASCADE,
                    metric TEXT NOT NULL,
                    title TEXT NOT NULL,
                    value REAL,
                    lower REAL,
                    upper REAL,
                    confidence REAL,
                    error REAL
                ) STRICT;
                CREATE INDEX result_evaluation ON result(evaluation);
                CREATE TABLE artifact (
                    id INTEGER PRIMARY KEY,
                    run INTEGER NOT NULL REFERENCES run(id) ON DELETE CASCADE,
                    kind TEXT NOT NULL,
                    path TEXT NOT NULL,
                    step INTEGER,
                    bytes INTEGER NOT NULL,
                    sha256 TEXT NOT NULL,
                    UNIQUE (run, path)
                ) STRICT;
                """)
        }
        return migrator
    }

    /// The tables, those that others refer to first.
    static let tables = ["run", "tag", "series", "point", "evaluation", "result", "artifact"]
}
