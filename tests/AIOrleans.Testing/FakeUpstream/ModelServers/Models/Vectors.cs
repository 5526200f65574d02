using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace AIOrleans.Testing.ModelServers;

/// <summary>Vectors of texts, always the same for the same.</summary>
internal static class Vectors
{
    /// <summary>Four bytes of the text's chained hash for each number, then scaled to length one.</summary>
    public static float[] Of(string text, int dimensions)
    {
        float[] vector = new float[dimensions];
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        for (int index = 0; index < dimensions; index++)
        {
            int at = index % 8 * 4;
            vector[index] = BinaryPrimitives.ReadInt32LittleEndian(hash.AsSpan(at)) / (float)int.MaxValue;
            if (at == 28)
            {
                hash = SHA256.HashData(hash);
            }
        }

        float length = MathF.Sqrt(vector.Sum(number => number * number));
        return [.. vector.Select(number => number / length)];
    }
}
