using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AIOrleans.Core.Accounts;

/// <summary>Names one account: kind and dotted path, e.g. <c>user:acme.eng.dev</c>. Also the key of its grain.</summary>
/// <remarks>Segments are <c>[a-z0-9-]+</c>; other characters are percent-escaped, so <c>gpt-4.1</c> is <c>gpt-4%2E1</c>.</remarks>
public readonly record struct AccountId : IComparable<AccountId>
{
    /// <summary>Longest id in characters: bounds index entries and log lines.</summary>
    public const int LengthMax = 512;

    private static readonly SearchValues<char> Plain = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    private readonly string? text;

    private AccountId(AccountKind kind, string text)
    {
        Kind = kind;
        this.text = text;
    }

    public AccountKind Kind { get; }

    /// <summary>The dotted path without the kind: <c>acme.eng.dev</c>.</summary>
    public string Path => ToString()[(ToString().IndexOf(':') + 1)..];

    /// <summary>The tenant that the account belongs to: the first segment, escaped as in the id.</summary>
    public string Tenant => Path.Split('.', 2)[0];

    /// <summary>True when <paramref name="recordId"/>, a dotted path such as <c>acme.eng.k1</c>, begins with this account's tenant. Allocates nothing.</summary>
    public bool IsOfTenantOf(ReadOnlySpan<char> recordId)
    {
        ReadOnlySpan<char> path = ToString();
        path = path[(path.IndexOf(':') + 1)..];
        return TenantOf(path).SequenceEqual(TenantOf(recordId)) && !path.IsEmpty;
    }

    /// <summary>Builds an id from raw names, outermost first; each is escaped.</summary>
    /// <exception cref="ArgumentException">A name is empty, or the number of names does not fit the kind.</exception>
    public static AccountId Of(AccountKind kind, params ReadOnlySpan<string> names)
    {
        int expected = SegmentsOf(kind);
        if (names.Length != expected)
        {
            throw new ArgumentException($"A {kind} id has {expected} names, not {names.Length}.", nameof(names));
        }

        foreach (string name in names)
        {
            if (name.Length == 0)
            {
                throw new ArgumentException("A name in an account id is empty.", nameof(names));
            }
        }

        string prefix = PrefixOf(kind);
        return new AccountId(kind, names.Length switch
        {
            1 => $"{prefix}:{Escape(names[0])}",
            2 => $"{prefix}:{Escape(names[0])}.{Escape(names[1])}",
            _ => $"{prefix}:{Escape(names[0])}.{Escape(names[1])}.{Escape(names[2])}",
        });
    }

    /// <summary>Reads <c>kind:path</c> as <see cref="ToString"/> writes it.</summary>
    public static bool TryParse([NotNullWhen(true)] string? value, out AccountId id)
    {
        id = default;
        int colon = value?.IndexOf(':') ?? -1;
        if (value is null || colon <= 0 || value.Length > LengthMax || !TryKind(value.AsSpan(0, colon), out AccountKind kind))
        {
            return false;
        }

        string[] segments = value[(colon + 1)..].Split('.');
        if (segments.Length != SegmentsOf(kind) || !Array.TrueForAll(segments, IsSegment))
        {
            return false;
        }

        id = new AccountId(kind, value);
        return true;
    }

    /// <summary>Reads an id that this program wrote.</summary>
    /// <exception cref="FormatException">It is not one.</exception>
    public static AccountId Parse(string value) =>
        TryParse(value, out AccountId id) ? id : throw new FormatException($"'{value}' is not an account id such as 'user:acme.eng.dev'.");

    /// <summary>The prefix of ids of <paramref name="kind"/>: its name in lower case.</summary>
    public static string PrefixOf(AccountKind kind) => kind switch
    {
        AccountKind.Tenant => "tenant",
        AccountKind.Org => "org",
        AccountKind.Team => "team",
        AccountKind.User => "user",
        AccountKind.Key => "key",
        AccountKind.App => "app",
        AccountKind.Model => "model",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not an account kind."),
    };

    /// <summary>The kind that <paramref name="prefix"/> names.</summary>
    public static bool TryKind(ReadOnlySpan<char> prefix, out AccountKind kind)
    {
        foreach (AccountKind candidate in Enum.GetValues<AccountKind>())
        {
            if (prefix.SequenceEqual(PrefixOf(candidate)))
            {
                kind = candidate;
                return true;
            }
        }

        kind = default;
        return false;
    }

    /// <summary>One name with every character outside <c>[a-z0-9-]</c> percent-escaped (UTF-8).</summary>
    public static string Escape(string name)
    {
        if (!name.AsSpan().ContainsAnyExcept(Plain))
        {
            return name;
        }

        var builder = new StringBuilder(name.Length);
        AppendEscaped(builder, name);
        return builder.ToString();
    }

    public int CompareTo(AccountId other) => string.CompareOrdinal(ToString(), other.ToString());

    /// <summary><c>kind:path</c>.</summary>
    public override string ToString() => text ?? "";

    private static ReadOnlySpan<char> TenantOf(ReadOnlySpan<char> path) => path.IndexOf('.') is >= 0 and var dot ? path[..dot] : path;

    private static int SegmentsOf(AccountKind kind) => kind switch
    {
        AccountKind.Tenant => 1,
        AccountKind.Org => 2,
        _ => 3,
    };

    private static void AppendEscaped(StringBuilder builder, string name)
    {
        foreach (byte b in Encoding.UTF8.GetBytes(name))
        {
            if (IsPlain((char)b))
            {
                builder.Append((char)b);
            }
            else
            {
                builder.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }
    }

    private static bool IsPlain(char c) => c is (>= 'a' and <= 'z') or (>= '0' and <= '9') or '-';

    private static bool IsSegment(string segment)
    {
        for (int i = 0; i < segment.Length; i++)
        {
            if (segment[i] == '%' && i + 2 < segment.Length && char.IsAsciiHexDigitUpper(segment[i + 1])
                && char.IsAsciiHexDigitUpper(segment[i + 2]))
            {
                i += 2;
            }
            else if (!IsPlain(segment[i]))
            {
                return false;
            }
        }

        return segment.Length > 0;
    }
}
