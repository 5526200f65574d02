using System.Globalization;
using AIOrleans.Core.Denials;
using AIOrleans.Core.Objects;
using AIOrleans.Core.Ports;
using Microsoft.AspNetCore.Http;

namespace AIOrleans.Gateway.Objects;

/// <summary>Reads which page of a list a client wants.</summary>
internal static class ObjectPages
{
    /// <summary>The page and one object more, which tells whether there are others behind it; or what is wrong: exactly one of both is null.</summary>
    public static (ObjectPage? Page, Denial? Denied) Read(HttpRequest request, ObjectKind kind, int countDefault, int countMax)
    {
        int count = countDefault;
        if (request.Query["limit"] is [{ } limit, ..] && (!int.TryParse(limit, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count < 1 || count > countMax))
        {
            return (null, new Denial.Malformed($"Invalid 'limit': expected a whole number of 1 to {countMax}.", "limit", "invalid_value"));
        }

        string? order = request.Query["order"];
        return order is null or "asc" or "desc"
            ? (new ObjectPage(kind, request.Query["purpose"], request.Query["after"], order == "asc", count + 1), null)
            : (null, new Denial.Malformed("Invalid value for 'order': expected 'asc' or 'desc'.", "order", "invalid_value"));
    }
}
