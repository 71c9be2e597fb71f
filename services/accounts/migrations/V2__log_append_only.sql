-- Nobody changes or removes what is in the log of sign-ins, whatever program opens the file.
CREATE TRIGGER sign_ins_no_update BEFORE UPDATE ON sign_ins
BEGIN
    SELECT RAISE(ABORT, 'the log of sign-ins is append-only');
END;
CREATE TRIGGER sign_ins_no_delete BEFORE DELETE ON sign_ins
BEGIN
    SELECT RAISE(ABORT, 'the log of sign-ins is append-only');
END;
