using System.Globalization;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Money;
using AIOrleans.Core.Money.LiteLlm;
using AIOrleans.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Host.Commands;

/// <summary><c>prices import FILE</c>: brings a price list into the price book.</summary>
internal static class PricesCommand
{
    private const string DryRun = "--dry-run";
    private const string EffectiveFrom = "--effective-from";

    private const string Form = "Use it so: prices import FILE [--dry-run] [--effective-from DAY] [--data FOLDER]";

    public static async Task<int> RunAsync(string[] arguments)
    {
        CommandLine line = CommandLine.Read(arguments, ["--data", EffectiveFrom], [DryRun]);
        if ((line.Mistake ?? MistakeOf(line)) is { } mistake)
        {
            await Console.Error.WriteLineAsync($"{mistake} {Form}");
            return StoreCommand.BadUse;
        }

        if (await ReadAsync(line.Words[1]) is not { } list)
        {
            return StoreCommand.BadUse;
        }

        return await StoreCommand.RunAsync(line, "POST /api/v1/prices/import", async (services, cancellationToken) =>
        {
            DateTimeOffset now = services.GetRequiredService<TimeProvider>().GetUtcNow();
            DateTimeOffset from = line.Options.TryGetValue(EffectiveFrom, out string? text) && InstantText.TryRead(text, out DateTimeOffset said) ? said : now;
            bool isDryRun = line.Flags.Contains(DryRun);
            PriceImport import = await services.GetRequiredService<LivePrices>().ImportAsync(list, from, now, isDryRun, cancellationToken);
            Print(Console.Out, import, isDryRun);
            return StoreCommand.Done;
        });
    }

    private static string? MistakeOf(CommandLine line) =>
        line.Words is not ["import", ..] ? "'prices' knows one word: 'import'."
        : line.Words.Count != 2 ? "Name one file."
        : line.Options.TryGetValue(EffectiveFrom, out string? text) && !InstantText.TryRead(text, out _) ? $"'{EffectiveFrom}' must be {InstantText.Expected}, not '{text}'."
        : null;

    /// <summary>The list of a file; null when it is none, which has been told.</summary>
    private static async Task<PriceList?> ReadAsync(string path)
    {
        try
        {
            if (new FileInfo(path).Length > LiteLlmPrices.BytesMax)
            {
                await Console.Error.WriteLineAsync($"{path} is larger than the {LiteLlmPrices.BytesMax} bytes that a price list may have.");
                return null;
            }

            switch (LiteLlmPrices.Read(await File.ReadAllTextAsync(path)))
            {
                case PriceListResult.Accepted accepted:
                    return accepted.List;
                case PriceListResult.Refused refused:
                    await Console.Error.WriteLineAsync($"{path} {refused.Mistake}");
                    return null;
                default:
                    throw new InvalidOperationException("A list is accepted or refused.");
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            await Console.Error.WriteLineAsync($"{path} cannot be read: {exception.Message}");
            return null;
        }
    }

    private static void Print(TextWriter output, PriceImport import, bool isDryRun)
    {
        int isNew = import.Changes.Count(change => change.Before is null);
        foreach (ImportedPrice change in import.Changes)
        {
            string notes = change.Notes.Count == 0 ? "" : $"  ({string.Join("; ", change.Notes)})";
            output.WriteLine(change.Before is null ? $"  new      {change.Model}  {change.Version}{notes}" : $"  changed  {change.Model}  {change.Before} -> {change.Version}{notes}");
        }

        foreach (SkippedPrice skipped in import.Skipped)
        {
            output.WriteLine($"  skipped  {skipped.Model}: {skipped.Reason}");
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{isNew} imported, {import.Changes.Count - isNew} changed, {import.Unchanged} unchanged, {import.Skipped.Count} skipped; in force from {import.From:yyyy-MM-ddTHH:mm:ssZ}."));
        if (isDryRun)
        {
            output.WriteLine("Nothing was written: this was a dry run.");
        }
    }
}
