using System.Text;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace AIOrleans.Providers.Tests;

/// <summary>Short words for what every test here does.</summary>
internal static class Attempts
{
    /// <summary>Long enough never to pass in a test that does not mean it.</summary>
    public static readonly TimeSpan Never = TimeSpan.FromMinutes(5);

    /// <summary>Passes at once, in tests that wait for it.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(50);

    public static ProviderConfig Provider(Uri baseUrl, TimeSpan? connect = null, TimeSpan? firstByte = null, TimeSpan? idle = null, string? apiKey = null) => new(
        "up", "openai", baseUrl, apiKey is null ? null : new Secret(apiKey), null, new ProviderTimeouts(connect ?? Never, firstByte ?? Never, idle ?? Never), null);

    public static ProviderConfig Simulated(SimulationConfig config, TimeSpan? firstByte = null, TimeSpan? idle = null) =>
        new("sim", "simulated", null, null, null, new ProviderTimeouts(Never, firstByte ?? Never, idle ?? Never), config);

    public static AttemptRequest Request(ProviderConfig provider, bool stream = false, string? body = null) => new()
    {
        Provider = provider,
        Model = "up-model",
        Format = WireFormat.OpenAiChat,
        Body = Encoding.UTF8.GetBytes(body ?? ChatSamples.Request(stream: stream)),
        Streamed = stream,
    };

    public static ServiceProvider Services(TimeProvider? time = null) =>
        new ServiceCollection().AddLogging().AddSingleton(time ?? TimeProvider.System).AddAIOrleansProviders().BuildServiceProvider();

    public static async Task<AttemptFailure> FailureOf(Task<AttemptResult> call) => Assert.IsType<AttemptResult.Failed>(await call).Failure;

    public static async Task<string> ReadToEndAsync(AnswerStream stream)
    {
        StringBuilder text = new();
        byte[] buffer = new byte[100];
        int length;
        while ((length = await stream.ReadAsync(buffer, CancellationToken.None)) > 0)
        {
            text.Append(Encoding.UTF8.GetString(buffer, 0, length));
        }

        return text.ToString();
    }
}
