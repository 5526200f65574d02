using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AIOrleans.Core.Money;

namespace AIOrleans.Core.Configuration;

/// <summary>The prices of a model in dollars per million tokens: one, or a list with the instants from which they are in force.</summary>
public static class PriceJson
{
    /// <summary>Most prices of one list: a change a week for more than a year.</summary>
    private const int PointsMax = 64;

    /// <summary>Hex characters of the hash that names a price.</summary>
    private const int VersionChars = 12;

    /// <summary>The price that was written by <see cref="Write"/>; members of a newer version are ignored.</summary>
    /// <exception cref="FormatException">Damaged.</exception>
    public static ModelPrice Parse(string json)
    {
        try
        {
            using JsonDocument body = JsonDocument.Parse(json);
            var mistakes = new MistakeList();
            ModelPrice price = ReadOne(new ObjectReader(body.RootElement, JsonPath.Root, mistakes));
            return mistakes.Count == 0 ? price : throw new FormatException($"A stored price cannot be read: {mistakes.ToList()[0]}");
        }
        catch (JsonException)
        {
            throw new FormatException("A stored price is not JSON.");
        }
    }

    /// <summary>Writes the numbers as one object; the version follows from them.</summary>
    public static void Write(Utf8JsonWriter writer, ModelPrice price)
    {
        writer.WriteStartObject();
        WriteMembers(writer, price);
        writer.WriteEndObject();
    }

    /// <summary>What <see cref="Write"/> writes.</summary>
    public static string TextOf(ModelPrice price) => Encoding.UTF8.GetString(BytesOf(price));

    /// <summary>Equal numbers, equal version: the hash of what <see cref="Write"/> writes, which is canonical.</summary>
    public static string VersionOf(ModelPrice price) =>
        string.Concat("p-", Convert.ToHexStringLower(SHA256.HashData(BytesOf(price))).AsSpan(0, VersionChars));

    /// <summary>The property <c>price</c> of a model; null when absent.</summary>
    internal static PriceSchedule? Read(ObjectReader model)
    {
        if (model.Find("price") is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Array)
        {
            return ReadList(model);
        }

        return model.Object("price") is { } reader ? ReadPoint(reader) is var point ? PriceSchedule.Empty.Then(point.From, point.Price) : null : null;
    }

    /// <summary>Writes the property <c>price</c>'s value, as <see cref="Read"/> reads it.</summary>
    internal static void Write(Utf8JsonWriter writer, PriceSchedule schedule)
    {
        bool isList = schedule.Points.Length != 1;
        if (isList)
        {
            writer.WriteStartArray();
        }

        foreach (PricePoint point in schedule.Points)
        {
            writer.WriteStartObject();
            if (point.From != PriceSchedule.Ever)
            {
                writer.WriteString("effectiveFrom", point.From.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            }

            WriteMembers(writer, point.Price);
            writer.WriteEndObject();
        }

        if (isList)
        {
            writer.WriteEndArray();
        }
    }

    private static PriceSchedule ReadList(ObjectReader model)
    {
        var points = new List<(PricePoint Point, string Path)>();
        foreach (ObjectReader item in model.Objects("price"))
        {
            PricePoint point = ReadPoint(item);
            bool isUnread = item.Has("effectiveFrom") && point.From == PriceSchedule.Ever;
            if (!isUnread && points.Find(known => known.Point.From == point.From) is { Path: { } other })
            {
                item.Mistakes.Add(item.Path, $"is in force from the same instant as {other}; give each its own effectiveFrom.");
            }

            points.Add((point, item.Path));
        }

        if (points.Count is 0 or > PointsMax)
        {
            model.Report("price", $"must have 1 to {PointsMax} prices.");
        }

        return points.OrderBy(item => item.Point.From).Aggregate(PriceSchedule.Empty, (schedule, item) => schedule.Then(item.Point.From, item.Point.Price));
    }

    private static PricePoint ReadPoint(ObjectReader reader)
    {
        DateTimeOffset from = InstantJson.ReadDay(reader, "effectiveFrom") ?? PriceSchedule.Ever;
        ModelPrice price = ReadOne(reader);
        reader.Finish();
        return new PricePoint(from, price);
    }

    private static ModelPrice ReadOne(ObjectReader reader)
    {
        PriceSheet sheet = PriceSheetJson.Read(reader, isWhole: true);
        var price = new ModelPrice(sheet)
        {
            Version = "",
            Batch = PriceSheetJson.ReadService(reader, "batch"),
            Priority = PriceSheetJson.ReadService(reader, "priority"),
            Flex = PriceSheetJson.ReadService(reader, "flex"),
        };
        return price with { Version = VersionOf(price) };
    }

    private static void WriteMembers(Utf8JsonWriter writer, ModelPrice price)
    {
        PriceSheetJson.WriteMembers(writer, price);
        PriceSheetJson.WriteService(writer, "batch", price.Batch);
        PriceSheetJson.WriteService(writer, "priority", price.Priority);
        PriceSheetJson.WriteService(writer, "flex", price.Flex);
    }

    private static byte[] BytesOf(ModelPrice price)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, price);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
