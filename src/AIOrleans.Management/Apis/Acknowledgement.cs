using System.Globalization;
using AIOrleans.Identity;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Management.Apis;

/// <summary>Lets the answer to a change go out only when the change is in force on every process, and tells as of which revision.</summary>
internal static class Acknowledgement
{
    /// <summary>The revision of the directory that is in force.</summary>
    public const string RevisionHeader = "x-aiorleans-revision";

    /// <summary>Processes that have not confirmed it, and refuse calls until they do; absent when all have.</summary>
    public const string UnconfirmedHeader = "x-aiorleans-unconfirmed";

    /// <summary>For addresses that write. A call that changed nothing, because it asked for what is so already, waits as well: it may be a repeated one.</summary>
    public static RouteHandlerBuilder WhenSpread(this RouteHandlerBuilder route) => route.AddEndpointFilter(AwaitAsync);

    private static async ValueTask<object?> AwaitAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        object? result = await next(context);
        if (result is IStatusCodeHttpResult { StatusCode: >= StatusCodes.Status400BadRequest })
        {
            return result;
        }

        HttpContext http = context.HttpContext;
        Spread spread = await http.RequestServices.GetRequiredService<ChangeSpread>().AwaitAsync(http.RequestAborted);
        http.Response.Headers[RevisionHeader] = spread.Version.Directory.ToString(CultureInfo.InvariantCulture);
        if (spread.Unconfirmed.Count > 0)
        {
            http.Response.Headers[UnconfirmedHeader] = string.Join(", ", spread.Unconfirmed.Select(Printable));
        }

        return result;
    }

    /// <summary>A name as a header may carry it.</summary>
    private static string Printable(string name) => string.Concat(name.Select(c => c is >= '!' and <= '~' and not ',' ? c : '?'));
}
