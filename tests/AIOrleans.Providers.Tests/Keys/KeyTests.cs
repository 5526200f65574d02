using AIOrleans.Core.Directory;
using AIOrleans.Core.Health;
using AIOrleans.Core.Ports;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AIOrleans.Providers.Tests.Keys;

/// <summary>A provider with the keys <c>sk-0</c>, <c>sk-1</c>, …, a server that answers each in its own way, and a clock that stands still.</summary>
public abstract class KeyTests : IAsyncDisposable
{
    internal static readonly UpstreamScript Good = UpstreamScripts.Json(ChatSamples.Answer());

    private readonly Dictionary<string, UpstreamScript> scripts = new(StringComparer.Ordinal);
    private readonly ServiceProvider services;
    private FakeUpstream? upstream;

    protected KeyTests()
    {
        services = new ServiceCollection().AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log)).AddSingleton<TimeProvider>(Clock)
            .AddAIOrleansProviders().BuildServiceProvider();
    }

    private protected TimerClock Clock { get; } = new();

    private protected LogLines Log { get; } = new();

    /// <summary>The keys of all requests that the server saw, in order: <c>0 1 0</c>.</summary>
    private protected string Seen => string.Join(' ', upstream?.Requests.Select(request => PositionIn(request)) ?? []);

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await services.DisposeAsync();
        if (upstream is not null)
        {
            await upstream.DisposeAsync();
        }
    }

    /// <summary>Starts the server; a key without a script gets an answer.</summary>
    private protected async Task<ProviderConfig> ProviderOf(int keys)
    {
        upstream ??= await FakeUpstream.StartAsync((http, request) =>
            scripts.GetValueOrDefault(PositionIn(request), Good)(http, request));
        return Attempts.Provider(upstream.BaseUrl) with { ApiKeys = [.. Enumerable.Range(0, keys).Select(Key)] };
    }

    private static string PositionIn(UpstreamRequest request) => (request.Headers.GetValueOrDefault("x-api-key") ?? request.Headers["authorization"]).Split("sk-")[1];

    private protected static Secret Key(int position) => new($"sk-{position}");

    /// <summary>From now on the server does this with a key.</summary>
    private protected void Answer(int key, UpstreamScript script) => scripts[$"{key}"] = script;

    private protected void Refuse(int key, int status, params (string Name, string Value)[] headers) =>
        Answer(key, UpstreamScripts.Json(ChatSamples.Error($"no, sk-{key}"), status, headers));

    private protected Task<AttemptResult> CallAsync(AttemptRequest request, CancellationToken cancellationToken = default) =>
        services.GetRequiredService<IChatProvider>().CallAsync(request, cancellationToken);

    private protected Task<AttemptResult> CallAsync(ProviderConfig provider, string model = "up-model") =>
        CallAsync(Attempts.Request(provider) with { Model = model });

    private protected async Task AnswersAsync(ProviderConfig provider, string model = "up-model") =>
        Assert.IsType<AttemptResult.Answered>(await CallAsync(provider, model));

    private protected Task<AttemptFailure> FailureAsync(ProviderConfig provider, string model = "up-model") => Attempts.FailureOf(CallAsync(provider, model));

    private protected IReadOnlyList<ProviderKeyHealth> HealthOf(ProviderConfig provider) => services.GetRequiredService<IProviderKeys>().HealthOf(provider);
}
