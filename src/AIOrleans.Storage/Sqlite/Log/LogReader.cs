using System.Buffers.Binary;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>Reads records as <see cref="LogWriter"/> wrote them. Their bytes are ours, or were checked: nothing here is prepared for damage.</summary>
internal ref struct LogReader(ReadOnlySpan<byte> records)
{
    private ReadOnlySpan<byte> rest = records;

    public bool TryRead(out LogRecord kind, out LogValues values)
    {
        if (rest.IsEmpty)
        {
            kind = default;
            values = default;
            return false;
        }

        kind = (LogRecord)rest[0];
        int length = BinaryPrimitives.ReadInt32LittleEndian(rest[1..]);
        values = new LogValues(rest.Slice(LogWriter.HeadBytes, length));
        rest = rest[(LogWriter.HeadBytes + length)..];
        return true;
    }
}

/// <summary>The values of one record, in order.</summary>
internal ref struct LogValues(ReadOnlySpan<byte> values)
{
    private ReadOnlySpan<byte> rest = values;

    /// <summary>The next value, a number.</summary>
    public long Number()
    {
        Take(LogValue.Number);
        ulong value = TakeNumber();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public long? NumberOrNull()
    {
        if (rest[0] != (byte)LogValue.Null)
        {
            return Number();
        }

        rest = rest[1..];
        return null;
    }

    /// <summary>The next value, an id.</summary>
    public Guid Id()
    {
        Take(LogValue.Id);
        var id = new Guid(rest[..16], bigEndian: true);
        rest = rest[16..];
        return id;
    }

    /// <summary>Binds every value that is left.</summary>
    public void BindTo(SqliteStatement statement)
    {
        while (!rest.IsEmpty)
        {
            switch ((LogValue)rest[0])
            {
                case LogValue.Number:
                    statement.Bind(Number());
                    break;
                case LogValue.Text:
                    rest = rest[1..];
                    int count = (int)TakeNumber();
                    statement.BindUtf8(rest[..count]);
                    rest = rest[count..];
                    break;
                case LogValue.Id:
                    statement.Bind(Id());
                    break;
                default:
                    Take(LogValue.Null);
                    statement.Bind((long?)null);
                    break;
            }
        }
    }

    private void Take(LogValue expected)
    {
        if (rest[0] != (byte)expected)
        {
            throw new InvalidDataException($"A record of the ledger's log has {rest[0]} where a {expected} was expected.");
        }

        rest = rest[1..];
    }

    private ulong TakeNumber()
    {
        ulong value = 0;
        int i = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = rest[i++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                rest = rest[i..];
                return value;
            }
        }
    }
}
