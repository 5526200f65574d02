using AIOrleans.Core.Accounts;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Ledger;
using AIOrleans.Core.Ports;
using AIOrleans.Identity;
using AIOrleans.Management.Reports;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Host.Commands;

/// <summary><c>bill verify</c>: recomputes every charge from its tokens and its price, and compares.</summary>
internal static class BillCommand
{
    private const int Differs = 3;

    private const string Tenant = "--tenant";
    private const string From = "--from";
    private const string To = "--to";

    private const string Form = "Use it so: bill verify [--tenant TENANT] [--from DAY] [--to DAY] [--data FOLDER]";

    public static async Task<int> RunAsync(string[] arguments)
    {
        CommandLine line = CommandLine.Read(arguments, ["--data", Tenant, From, To], []);
        if ((line.Mistake ?? MistakeOf(line)) is { } mistake)
        {
            await Console.Error.WriteLineAsync($"{mistake} {Form}");
            return StoreCommand.BadUse;
        }

        var query = new BillQuery(
            InstantOf(line, From), InstantOf(line, To), line.Options.TryGetValue(Tenant, out string? tenant) ? AccountId.Of(AccountKind.Tenant, tenant) : null);
        if (query.From >= query.To)
        {
            await Console.Error.WriteLineAsync($"{From} must be before {To}. {Form}");
            return StoreCommand.BadUse;
        }

        return await StoreCommand.RunAsync(line, "GET /api/v1/usage/verify", async (services, cancellationToken) =>
        {
            BillReport report = await BillVerification.VerifyAsync(
                services.GetRequiredService<LivePrices>(), services.GetRequiredService<IBillReads>(), query, cancellationToken);
            Print(Console.Out, report);
            return report.IsVerified ? StoreCommand.Done : Differs;
        });
    }

    private static string? MistakeOf(CommandLine line)
    {
        if (line.Words is not ["verify"])
        {
            return "'bill' knows one word: 'verify'.";
        }

        string? wrong = Array.Find([From, To], name => line.Options.TryGetValue(name, out string? text) && !InstantText.TryRead(text, out _));
        return wrong is null ? null : $"'{wrong}' must be {InstantText.Expected}, not '{line.Options[wrong]}'.";
    }

    private static DateTimeOffset? InstantOf(CommandLine line, string name) =>
        line.Options.TryGetValue(name, out string? text) && InstantText.TryRead(text, out DateTimeOffset instant) ? instant : null;

    private static void Print(TextWriter output, BillReport report)
    {
        foreach (BillMismatch mismatch in report.Mismatches)
        {
            output.WriteLine($"  {mismatch.Kind}: {mismatch.Subject} has {mismatch.Stored}, recomputed {mismatch.Recomputed}");
        }

        output.WriteLine(
            $"{report.Events} events, {report.Cost} USD: {report.Recomputed} recomputed, {report.Unpriced} unpriced, {report.Orphans} charged by their hold; "
            + $"{report.Windows} days and months of accounts compared.");
        if (report.WindowsTooMany)
        {
            output.WriteLine($"Their days and months are more than {BillCheck.WindowsMax}, and were not compared: ask for one tenant, or a shorter time.");
        }

        output.WriteLine(report.MismatchCount == 0 ? "No mismatch." : $"{report.MismatchCount} {(report.MismatchCount == 1 ? "mismatch" : "mismatches")}.");
    }
}
