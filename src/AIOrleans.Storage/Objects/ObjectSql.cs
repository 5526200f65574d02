namespace AIOrleans.Storage.Objects;

/// <summary>The statements of <c>provider_object</c>, which both databases understand.</summary>
internal static class ObjectSql
{
    private const string Columns = """
        provider, object_id, kind, org, key_id, path, purpose, bytes, created_at, told,
        model, provider_model, endpoint, calls, input_tokens, output_tokens, images, hold_id, state, due_at
        """;

    public const string Add = $"""
        INSERT INTO provider_object ({Columns})
        VALUES (@provider, @id, @kind, @org, @keyId, @path, @purpose, @bytes, @createdAt, @told,
                @model, @providerModel, @endpoint, @calls, @inputTokens, @outputTokens, @images, @holdId, @state, @dueAt)
        ON CONFLICT (provider, object_id) DO NOTHING
        """;

    public const string Find = $"SELECT {Columns} FROM provider_object WHERE org = @org AND kind = @kind AND object_id = @id ORDER BY created_at DESC LIMIT 1";

    public const string Foreign = "SELECT object_id FROM provider_object WHERE object_id = @id AND org <> @org AND kind = 1 LIMIT 1";

    public const string Newest = $"""
        SELECT {Columns} FROM provider_object
        WHERE org = @org AND kind = @kind AND (@purpose = '' OR purpose = @purpose) AND (created_at, object_id) < (@at, @after)
        ORDER BY created_at DESC, object_id DESC LIMIT @countMax
        """;

    public const string Oldest = $"""
        SELECT {Columns} FROM provider_object
        WHERE org = @org AND kind = @kind AND (@purpose = '' OR purpose = @purpose) AND (created_at, object_id) > (@at, @after)
        ORDER BY created_at, object_id LIMIT @countMax
        """;

    public const string Note = """
        UPDATE provider_object
        SET told = @told, state = CASE WHEN state = 2 THEN state ELSE @state END, due_at = CASE WHEN state = 2 THEN NULL ELSE @dueAt END
        WHERE provider = @provider AND object_id = @id
        """;

    public const string Remove = "DELETE FROM provider_object WHERE provider = @provider AND object_id = @id";

    /// <summary>A batch that another process takes at the same time has its next look behind it already, and is left to that one.</summary>
    public const string TakeDue = $"""
        UPDATE provider_object SET due_at = @until
        WHERE due_at <= @now AND (provider, object_id) IN (SELECT provider, object_id FROM provider_object WHERE due_at <= @now ORDER BY due_at LIMIT @countMax)
        RETURNING {Columns}
        """;
}
