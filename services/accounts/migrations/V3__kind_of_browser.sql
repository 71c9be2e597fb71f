-- With what somebody signed in, as they see it in the list of their sessions: names of closed lists, read off at the
-- sign-in. Sessions from before have none.
ALTER TABLE sessions ADD COLUMN browser TEXT;
ALTER TABLE sessions ADD COLUMN system TEXT;
