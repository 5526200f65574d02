using AIOrleans.Gateway;
using AIOrleans.Providers;

namespace AIOrleans.Host.Startup;

/// <summary>Lets calls run on the threads that read sockets (<see cref="GatewayOptions.InlineIo"/>, ADR 0018). What takes long leaves them: <see cref="LongWork"/>.</summary>
internal static class InlineIo
{
    /// <summary>Read by System.Net.Sockets when the first socket is used; there is no other way to say it. Source: SocketAsyncEngine.Unix.cs of dotnet/runtime.</summary>
    private const string RuntimeSwitch = "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS";

    public static void Use(WebApplicationBuilder builder)
    {
        Environment.SetEnvironmentVariable(RuntimeSwitch, "1");
        builder.WebHost.UseSockets(static sockets => sockets.UnsafePreferInlineScheduling = true);
    }

    /// <summary>Management and metrics may walk over all accounts: never on a thread that others' calls wait for.</summary>
    public static void KeepForCalls(WebApplication app) => app.UseWhen(
        static http => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase)
            || http.Request.Path.StartsWithSegments("/metrics", StringComparison.OrdinalIgnoreCase),
        static branch => branch.Use(static async (http, next) =>
        {
            await LongWork.Leave();
            await next(http);
        }));
}
