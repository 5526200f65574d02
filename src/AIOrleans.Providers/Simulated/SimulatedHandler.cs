using System.Net;
using System.Net.Http.Headers;
using AIOrleans.Core.Directory;
using AIOrleans.Protocols.Chat;
using AIOrleans.Protocols.OpenAi;
using AIOrleans.Providers.Http;

namespace AIOrleans.Providers.Simulated;

/// <summary>The built-in provider: an OpenAI endpoint without a network, a key or a model behind it.</summary>
/// <remarks>It takes the place of the socket, so that its answers go through the same timeouts, readers and relay as those of any provider.</remarks>
internal sealed class SimulatedHandler(TimeProvider time) : HttpMessageHandler
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue EventStream = new("text/event-stream") { CharSet = "utf-8" };

    /// <summary>How long <paramref name="tokens"/> of one choice take.</summary>
    public static TimeSpan DurationOf(int tokens, SimulationConfig config) =>
        config.TokensPerSecond <= 0 ? TimeSpan.Zero : TimeSpan.FromTicks(tokens * TimeSpan.TicksPerSecond / config.TokensPerSecond);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.Content is not AttemptContent content)
        {
            throw new InvalidOperationException("The simulated provider takes attempts only.");
        }

        content.MarkSent();
        SimulationConfig config = content.Request.Provider.Simulation ?? SimulationConfig.Default;
        (ChatRequest? chat, RequestMistake? mistake) = ChatRequestReader.Read(content.Request.Body);
        if (chat is null)
        {
            // ! Read gives one of both.
            return Refuse(HttpStatusCode.BadRequest, mistake!.ToError());
        }

        SimulatedPlan plan = SimulatedPlan.For(chat, config);
        TimeSpan wait = config.Latency + (chat.Stream ? TimeSpan.Zero : DurationOf(plan.OutputTokens, config));
        if (plan.Stalls && !chat.Stream)
        {
            wait = Timeout.InfiniteTimeSpan;
        }

        if (wait != TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }

        return plan.Fails
            ? Refuse(HttpStatusCode.InternalServerError, new OpenAiError("The simulated provider failed, as it is configured to.", OpenAiError.ServerError))
            : Answer(plan, config, chat);
    }

    private HttpResponseMessage Answer(SimulatedPlan plan, SimulationConfig config, ChatRequest chat)
    {
        HttpContent content = chat.Stream
            ? new StreamContent(new SimulatedStream(plan, config, chat.IncludeUsageAsked, time))
            : new ByteArrayContent(new SimulatedWriter(plan, time.GetUtcNow().ToUnixTimeSeconds()).WriteAnswer());
        content.Headers.ContentType = chat.Stream ? EventStream : Json;
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
    }

    private static HttpResponseMessage Refuse(HttpStatusCode status, OpenAiError error)
    {
        ByteArrayContent content = new(OpenAiErrors.ToBody(error));
        content.Headers.ContentType = Json;
        return new HttpResponseMessage(status) { Content = content };
    }
}
