using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace AIOrleans.Core.Directory;

/// <summary>Finds loaded keys by the hash of their secret: a table of row numbers, compared with the text of the records itself.</summary>
/// <remarks>Where keys share a hash, they lie in order of their ids: rows are entered in that order, and each goes to the next free place.</remarks>
internal sealed class SecretTable
{
    /// <summary>Longest hash that is looked up, in characters; ours have 64.</summary>
    private const int CharsMax = 256;

    private const int PlacesMin = 4;

    private readonly RecordTable keys;

    /// <summary>Row + 1; 0 is free. At most half are taken.</summary>
    private readonly int[] places;

    private readonly int shift;

    public SecretTable(RecordTable keys)
    {
        this.keys = keys;
        uint count = BitOperations.RoundUpToPowerOf2((uint)Math.Max(PlacesMin, keys.Count * 2));
        places = new int[count];
        shift = 64 - BitOperations.Log2(count);
        for (int row = 0; row < keys.Count; row++)
        {
            ReadOnlySpan<byte> hash = keys.SecretHashOf(row);
            if (!hash.IsEmpty)
            {
                Enter(hash, row);
            }
        }
    }

    /// <summary>The first key with <paramref name="hash"/> that can be read; null when there is none.</summary>
    public RecordSlot? Find(string hash)
    {
        Span<byte> wanted = stackalloc byte[CharsMax];
        if (!Encoding.UTF8.TryGetBytes(hash, wanted, out int bytes))
        {
            return null;
        }

        for (int place = NextOf(wanted[..bytes], PlaceOf(wanted[..bytes])); place >= 0; place = NextOf(wanted[..bytes], After(place)))
        {
            RecordSlot slot = keys.SlotAt(places[place] - 1);
            if (slot.Entry is not null)
            {
                return slot;
            }
        }

        return null;
    }

    /// <summary>Ids of all keys with <paramref name="hash"/>.</summary>
    public IReadOnlyList<string> IdsOf(string hash)
    {
        byte[] wanted = Encoding.UTF8.GetBytes(hash);
        var ids = new List<string>();
        for (int place = NextOf(wanted, PlaceOf(wanted)); place >= 0; place = NextOf(wanted, After(place)))
        {
            ids.Add(keys.IdOf(places[place] - 1));
        }

        return ids;
    }

    private void Enter(ReadOnlySpan<byte> hash, int row)
    {
        int place = PlaceOf(hash);
        while (places[place] != 0)
        {
            place = After(place);
        }

        places[place] = row + 1;
    }

    /// <summary>The next place from <paramref name="place"/> on whose key has <paramref name="hash"/>; negative at a free one.</summary>
    private int NextOf(ReadOnlySpan<byte> hash, int place)
    {
        for (; places[place] != 0; place = After(place))
        {
            if (keys.SecretHashOf(places[place] - 1).SequenceEqual(hash))
            {
                return place;
            }
        }

        return -1;
    }

    private int After(int place) => (place + 1) & (places.Length - 1);

    // Hashes are keyed and even: nobody can choose any that fall together. Hence some of their bytes are enough.
    private int PlaceOf(ReadOnlySpan<byte> hash)
    {
        const ulong odd = 0x9E37_79B9_7F4A_7C15;
        ulong mixed = 0;
        if (hash.Length >= 2 * sizeof(ulong))
        {
            mixed = BinaryPrimitives.ReadUInt64LittleEndian(hash) ^ BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(hash[sizeof(ulong)..]) * odd, 29);
        }
        else
        {
            foreach (byte b in hash)
            {
                mixed = (mixed ^ b) * odd;
            }
        }

        return (int)((mixed * odd) >> shift);
    }
}
