using System.Buffers.Binary;
using System.Text;

namespace AIOrleans.Storage.Sqlite.Log;

/// <summary>Rows as bytes: kind, length of what follows (4 bytes, little-endian), values. Not thread-safe.</summary>
internal sealed class LogWriter
{
    /// <summary>Bytes before the values of a record.</summary>
    public const int HeadBytes = 5;

    private byte[] bytes = new byte[4096];
    private int recordAt = -1;

    /// <summary>Bytes written.</summary>
    public int Length { get; private set; }

    /// <summary>All that was written; valid until more is.</summary>
    public Span<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>Forgets what was written from <paramref name="length"/> on.</summary>
    public void CutTo(int length) => Length = length;

    /// <summary>Leaves out <paramref name="count"/> bytes, to be filled in later.</summary>
    public void Skip(int count)
    {
        Reserve(count);
        Length += count;
    }

    /// <summary>Replaces everything by <paramref name="written"/>.</summary>
    public void Fill(ReadOnlySpan<byte> written)
    {
        Length = 0;
        Reserve(written.Length);
        written.CopyTo(bytes);
        Length = written.Length;
    }

    /// <summary>Begins a record; <see cref="End"/> ends it.</summary>
    public LogWriter Begin(LogRecord kind)
    {
        Reserve(HeadBytes);
        recordAt = Length;
        bytes[Length] = (byte)kind;
        Length += HeadBytes;
        return this;
    }

    public void End() => BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(recordAt + 1), Length - recordAt - HeadBytes);

    public LogWriter Add(long value)
    {
        Reserve(11);
        bytes[Length++] = (byte)LogValue.Number;
        AddNumber((ulong)((value << 1) ^ (value >> 63)));
        return this;
    }

    public LogWriter Add(long? value) => value is { } number ? Add(number) : AddNull();

    public LogWriter Add(bool value) => Add(value ? 1L : 0L);

    public LogWriter Add(string? value)
    {
        if (value is null)
        {
            return AddNull();
        }

        int count = Encoding.UTF8.GetByteCount(value);
        Reserve(11 + count);
        bytes[Length++] = (byte)LogValue.Text;
        AddNumber((ulong)count);
        Length += Encoding.UTF8.GetBytes(value, bytes.AsSpan(Length));
        return this;
    }

    public LogWriter Add(Guid value)
    {
        Reserve(17);
        bytes[Length++] = (byte)LogValue.Id;
        value.TryWriteBytes(bytes.AsSpan(Length), bigEndian: true, out int count);
        Length += count;
        return this;
    }

    private LogWriter AddNull()
    {
        Reserve(1);
        bytes[Length++] = (byte)LogValue.Null;
        return this;
    }

    private void AddNumber(ulong value)
    {
        while (value >= 0x80)
        {
            bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        bytes[Length++] = (byte)value;
    }

    private void Reserve(int count)
    {
        if (bytes.Length - Length < count)
        {
            Array.Resize(ref bytes, Math.Max(bytes.Length * 2, Length + count));
        }
    }
}
