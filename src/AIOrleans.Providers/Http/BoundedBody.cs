using System.Buffers;

namespace AIOrleans.Providers.Http;

/// <summary>Reads a whole body, up to a bound.</summary>
internal static class BoundedBody
{
    private const int BufferBytesInitial = 16 * 1024;

    /// <summary>Reads to the end, or until more than <paramref name="bytesMax"/> came.</summary>
    /// <param name="afterRead">Called after every read that brought something.</param>
    /// <returns>The bytes, at most <paramref name="bytesMax"/>, and whether that is all.</returns>
    public static async Task<(byte[] Bytes, bool IsWhole)> ReadAsync(
        HttpContent content, int bytesMax, Action? afterRead, CancellationToken cancellationToken)
    {
        Stream stream = await content.ReadAsStreamAsync(cancellationToken);
        long expected = content.Headers.ContentLength ?? BufferBytesInitial;
        byte[] buffer = ArrayPool<byte>.Shared.Rent((int)Math.Min(expected, bytesMax) + 1);
        try
        {
            int length = 0;
            int read;
            while ((read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
            {
                length += read;
                if (length > bytesMax)
                {
                    return (buffer.AsSpan(0, bytesMax).ToArray(), false);
                }

                afterRead?.Invoke();
                buffer = length < buffer.Length ? buffer : Grow(buffer, length);
            }

            return (buffer.AsSpan(0, length).ToArray(), true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }
}
