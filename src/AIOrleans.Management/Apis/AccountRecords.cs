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

    /// <summary><c>{"account","origin","active","limits"}</c>, limits in the spelling of the configuration file.</summary>
    public static ReadOnlyMemory<byte> Write(AccountEntry entry, AccountId account)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("account", account.ToString());
        json.WriteString("origin", entry.Origin == RecordOrigin.File ? "file" : "api");
        json.WriteBoolean("active", entry.Access.Active);
        json.WritePropertyName("limits");
        LimitsJson.Write(json, account.Kind == AccountKind.Model
            ? ((OrgConfig)entry).Models.GetValueOrDefault(ModelOf(account)) ?? LimitsConfig.None
            : entry.Limits);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    private static string OrgOf(AccountId model) => model.Path[..model.Path.LastIndexOf('.')];

    private static string ModelOf(AccountId model) => Uri.UnescapeDataString(model.Path[(model.Path.LastIndexOf('.') + 1)..]);
}
