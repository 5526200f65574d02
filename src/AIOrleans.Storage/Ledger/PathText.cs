using System.Globalization;
using System.Text;
using AIOrleans.Core.Accounts;
using AIOrleans.Core.Ledger;

namespace AIOrleans.Storage.Ledger;

/// <summary>Paths as text: account ids hold neither spaces nor <c>@</c>, which therefore separate them and their epochs.</summary>
internal static class PathText
{
    /// <summary><c>tenant:acme org:acme.eng</c>.</summary>
    public static string Of(IReadOnlyList<AccountId> path) => string.Join(' ', path);

    /// <summary><c>tenant:acme@3 org:acme.eng@1</c>.</summary>
    public static string Of(IReadOnlyList<AccountGrant> grants)
    {
        var builder = new StringBuilder(grants.Count * 32);
        foreach (AccountGrant grant in grants)
        {
            builder.Append(builder.Length == 0 ? "" : " ").Append(grant.Account.ToString()).Append('@').Append(grant.Epoch);
        }

        return builder.ToString();
    }

    public static IReadOnlyList<AccountId> ReadPath(string text) => [.. text.Split(' ').Select(AccountId.Parse)];

    public static IReadOnlyList<AccountGrant> ReadGrants(string text) => [.. text.Split(' ').Select(ReadGrant)];

    /// <summary>The account names of a text of grants, without parsing them.</summary>
    public static IEnumerable<string> NamesOf(string grants)
    {
        foreach (string grant in grants.Split(' '))
        {
            yield return grant[..grant.LastIndexOf('@')];
        }
    }

    private static AccountGrant ReadGrant(string text)
    {
        int at = text.LastIndexOf('@');
        return new AccountGrant(AccountId.Parse(text[..at]), long.Parse(text.AsSpan(at + 1), CultureInfo.InvariantCulture));
    }
}
