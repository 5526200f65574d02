using System.Buffers;
using System.Text.Json;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Configuration;
using AIOrleans.Core.Directory;
using AIOrleans.Core.Limits;

namespace AIOrleans.Management.Apis;

/// <summary>The record of an account as the management API shows and changes it.</summary>
internal static class AccountRecords
{
    /// <summary>What the gateway calls its operations: a quota of any other counts nothing.</summary>
    private static readonly HashSet<string> Operations = new(StringComparer.Ordinal) { "chat" };

    /// <summary>The record behind an account: its own, or its org's for a model account; null when there is none.</summary>
    public static AccountEntry? Find(DirectorySnapshot snapshot, AccountId account) => account.Kind switch
    {
        AccountKind.Tenant => snapshot.Tenants.GetValueOrDefault(account.Path),
        AccountKind.Org => snapshot.Orgs.GetValueOrDefault(account.Path),
        AccountKind.Team => snapshot.Teams.GetValueOrDefault(account.Path),
        AccountKind.User => snapshot.Users.GetValueOrDefault(account.Path),
        AccountKind.App => snapshot.Apps.GetValueOrDefault(account.Path),
        AccountKind.Key => snapshot.Keys.GetValueOrDefault(account.Path),
        AccountKind.Model => snapshot.Orgs.GetValueOrDefault(OrgOf(account)),
        _ => null,
    };

    /// <summary>The entry with new limits and, unless it is a model account, another <paramref name="active"/>.</summary>
    public static AccountEntry With(AccountEntry entry, AccountId account, LimitsConfig limits, bool? active)
    {
        if (account.Kind == AccountKind.Model)
        {
            var org = (OrgConfig)entry;
            var models = new Dictionary<string, LimitsConfig>(org.Models, StringComparer.Ordinal) { [ModelOf(account)] = limits };
            return org with { Models = models };
        }

        return entry with { Limits = limits, Access = entry.Access with { Active = active ?? entry.Access.Active } };
    }

    /// <summary>The limits that the record gives to the account.</summary>
    public static LimitsConfig LimitsOf(AccountEntry entry, AccountId account) =>
        account.Kind == AccountKind.Model ? ((OrgConfig)entry).Models.GetValueOrDefault(ModelOf(account)) ?? LimitsConfig.None : entry.Limits;

    /// <summary>What is odd about limits as written: those that can never match, or are shadowed by a tighter one of the tenant or org.</summary>
    public static IReadOnlyList<string> WarningsOf(DirectorySnapshot snapshot, AccountEntry entry, AccountId account)
    {
        var parents = new List<(string Name, LimitsConfig Limits)>();
        if (account.Kind != AccountKind.Tenant && snapshot.Tenants.GetValueOrDefault(account.Tenant) is { } tenant)
        {
            parents.Add((tenant.Account.ToString(), tenant.Limits));
        }

        if (account.Kind is not (AccountKind.Tenant or AccountKind.Org) && snapshot.Orgs.GetValueOrDefault(OrgOf(account)) is { } org)
        {
            parents.Add((org.Account.ToString(), org.Limits));
        }

        return LimitsReview.Review(LimitsOf(entry, account), parents, Operations);
    }

    /// <summary><c>{"account","origin","active","limits","warnings"?}</c>, limits in the spelling of the configuration file.</summary>
    public static ReadOnlyMemory<byte> Write(AccountEntry entry, AccountId account, IReadOnlyList<string> warnings)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("account", account.ToString());
        json.WriteString("origin", entry.Origin == RecordOrigin.File ? "file" : "api");
        json.WriteBoolean("active", entry.Access.Active);
        json.WritePropertyName("limits");
        LimitsJson.Write(json, LimitsOf(entry, account));
        if (warnings.Count > 0)
        {
            json.WriteStartArray("warnings");
            foreach (string warning in warnings)
            {
                json.WriteStringValue(warning);
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static string OrgOf(AccountId account) => account.Path[..account.Path.LastIndexOf('.')];

    private static string ModelOf(AccountId model) => Uri.UnescapeDataString(model.Path[(model.Path.LastIndexOf('.') + 1)..]);
}
