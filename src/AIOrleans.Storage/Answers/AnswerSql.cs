namespace AIOrleans.Storage.Answers;

/// <summary>The statements of <c>idempotent_answer</c>, which both databases understand.</summary>
internal static class AnswerSql
{
    /// <summary>Lets the newcomer have a key that expired, or whose leader died while it ran. Another fingerprint stays refused even then: the dead call may have been charged.</summary>
    public const string Claim = """
        INSERT INTO idempotent_answer AS a (answer_key, tenant, request_id, fingerprint, state, lease_until, created_at, expires_at, answer)
        VALUES (@key, @tenant, @id, @fingerprint, 1, @leaseUntil, @createdAt, @expiresAt, NULL)
        ON CONFLICT (answer_key) DO UPDATE
        SET tenant = excluded.tenant, request_id = excluded.request_id, fingerprint = excluded.fingerprint, state = 1,
            lease_until = excluded.lease_until, created_at = excluded.created_at, expires_at = excluded.expires_at, answer = NULL
        WHERE a.expires_at <= excluded.created_at
            OR (a.state = 1 AND a.lease_until <= excluded.created_at AND a.fingerprint = excluded.fingerprint)
        """;

    /// <summary>Columns: request_id, fingerprint, state, lease_until.</summary>
    public const string Select = "SELECT request_id, fingerprint, state, lease_until FROM idempotent_answer WHERE answer_key = @key";

    public const string Renew = "UPDATE idempotent_answer SET lease_until = @leaseUntil WHERE answer_key = @key AND request_id = @id AND state = 1";

    /// <summary>Whatever the state: ending twice, after an answer of the database was lost, says that it is ended.</summary>
    public const string End = "UPDATE idempotent_answer SET state = @state, answer = @answer, expires_at = @expiresAt WHERE answer_key = @key AND request_id = @id";

    public const string Remove = "DELETE FROM idempotent_answer WHERE answer_key = @key AND request_id = @id AND state = 1";

    public const string Read = "SELECT answer FROM idempotent_answer WHERE answer_key = @key AND request_id = @id AND state = 2";

    public const string Sweep = """
        DELETE FROM idempotent_answer
        WHERE answer_key IN (SELECT answer_key FROM idempotent_answer WHERE expires_at <= @now ORDER BY expires_at LIMIT @countMax)
        """;
}
