using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Money;
using AIOrleans.Core.Money.LiteLlm;
using AIOrleans.Identity;
using AIOrleans.Management.Views;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace AIOrleans.Management.Apis;

/// <summary>The price book: what models cost and did cost, and imports of price lists.</summary>
internal static class PricesApi
{
    private const int RowsMax = 1_000;

    public static void MapPrices(this IEndpointRouteBuilder api)
    {
        api.MapGet("/prices", List).WithSummary("All prices by name, a page at a time");
        api.MapPost("/prices/import", ImportAsync).WithSummary("Import a price list of LiteLLM's format").WhenSpread();
        api.MapGet("/prices/{*model}", Read).WithSummary("All prices of one name, past and to come");
        api.MapGet("/price-versions/{version}", ReadVersion).WithSummary("The numbers behind a usage event's priceVersion");
    }

    private static IResult List(string? after, string? source, int? limit, LivePrices prices, IDirectory directory, TimeProvider time)
    {
        if (source is not (null or "config" or "import"))
        {
            return Problem.BadRequest($"'{source}' is not a source. Use 'config' for the prices of aliases, or 'import' for those of imported lists.");
        }

        if (!TryReadCursor(after, out PriceName? last))
        {
            return Problem.BadRequest($"'{after}' is not a cursor. Give the 'nextAfter' of the page before as 'after'.");
        }

        DateTimeOffset now = time.GetUtcNow();
        int count = Math.Clamp(limit ?? 100, 1, RowsMax);
        ModelPricesJson[] rows =
        [
            .. prices.Current.Schedules
                .Where(entry => source is null || ModelPricesJson.NameOf(entry.Key.Source) == source)
                .SkipWhile(entry => last is { } name && entry.Key.CompareTo(name) <= 0)
                .Take(count + 1)
                .Select(entry => ModelPricesJson.Of(entry.Key, entry.Value, directory.Current, now)),
        ];
        ModelPricesJson[] page = rows[..Math.Min(rows.Length, count)];
        return Results.Json(new { Prices = page, NextAfter = rows.Length > count ? $"{page[^1].Model}:{page[^1].Source}" : null }, ApiJson.Options);
    }

    private static IResult Read(string model, LivePrices prices, IDirectory directory, TimeProvider time)
    {
        DateTimeOffset now = time.GetUtcNow();
        ModelPricesJson[] found =
        [
            .. Enum.GetValues<PriceSource>().Select(source => new PriceName(source, model))
                .Where(prices.Current.Schedules.ContainsKey).Select(name => ModelPricesJson.Of(name, prices.Current.Schedules[name], directory.Current, now)),
        ];
        return found.Length == 0
            ? Problem.NotFound($"There is no price of '{model}'. Give an alias of the configuration a \"price\", or import a list that has the model.")
            : Results.Json(new { Model = model, Prices = found }, ApiJson.Options);
    }

    private static IResult ReadVersion(string version, LivePrices prices) =>
        prices.Current.Versions.TryGetValue(version, out ModelPrice? price)
            ? Results.Json(new { price.Version, Price = PricePointJson.Numbers(price) }, ApiJson.Options)
            : Problem.NotFound($"There is no price of version '{version}'.");

    private static async Task<IResult> ImportAsync(
        HttpRequest request, bool? dryRun, string? effectiveFrom, LivePrices prices, TimeProvider time, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        DateTimeOffset from = now;
        if (effectiveFrom is not null && !InstantText.TryRead(effectiveFrom, out from))
        {
            return Problem.BadRequest($"'effectiveFrom' must be {InstantText.Expected}, not '{effectiveFrom}'.");
        }

        if (await ReadTextAsync(request.BodyReader, cancellationToken) is not { } text)
        {
            return Problem.TooLarge($"A price list has at most {LiteLlmPrices.BytesMax} bytes.");
        }

        switch (LiteLlmPrices.Read(text))
        {
            case PriceListResult.Refused refused:
                return Problem.BadRequest($"The price list {refused.Mistake}");
            case PriceListResult.Accepted accepted:
                PriceImport import = await prices.ImportAsync(accepted.List, from, now, dryRun ?? false, cancellationToken);
                return Results.Json(PriceImportJson.Of(import, dryRun ?? false), ApiJson.Options);
            default:
                throw new InvalidOperationException("A list is accepted or refused.");
        }
    }

    /// <summary>The whole body as text; null when it is larger than a list may be.</summary>
    private static async Task<string?> ReadTextAsync(PipeReader reader, CancellationToken cancellationToken)
    {
        while (true)
        {
            ReadResult read = await reader.ReadAsync(cancellationToken);
            ReadOnlySequence<byte> buffer = read.Buffer;
            if (buffer.Length > LiteLlmPrices.BytesMax)
            {
                reader.AdvanceTo(buffer.End);
                return null;
            }

            if (read.IsCompleted)
            {
                string text = Encoding.UTF8.GetString(buffer);
                reader.AdvanceTo(buffer.End);
                return text;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);
        }
    }

    /// <summary>Reads <c>MODEL:SOURCE</c>; a model's name may have colons of its own.</summary>
    private static bool TryReadCursor(string? text, out PriceName? last)
    {
        last = null;
        if (text is null)
        {
            return true;
        }

        int colon = text.LastIndexOf(':');
        PriceSource? source = Enum.GetValues<PriceSource>().Select(known => (PriceSource?)known)
            .FirstOrDefault(known => known is { } named && colon >= 0 && ModelPricesJson.NameOf(named) == text[(colon + 1)..]);
        last = source is { } found ? new PriceName(found, text[..colon]) : null;
        return last is not null;
    }
}
