using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Calls;

/// <summary>One caller: calls, waits a little, and calls again, with a random model, size and patience.</summary>
internal sealed class ChatCaller(int number, int seed, TestCompany company, ICallTargets targets, CallerHabits habits, CallBook book, HttpMessageInvoker http, TimeProvider time)
{
    private const int StreamsPercent = 60;

    /// <summary>Longest wait for an answer: beyond every timeout and stall, so that hitting it is a finding.</summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(45);

    private readonly Random dice = new(((seed * 7919) + number) & int.MaxValue);
    private int calls;

    /// <summary>Calls until <paramref name="stop"/>; a call that runs then is finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            ChatCall call = NewCall(await targets.ChooseAsync(dice));
            book.Add(call);
            call.SentAt = time.GetUtcNow();
            try
            {
                await SendToAnyAsync(call);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
                call.Failure = exception.Message;

                // The gateway died, or this caller left: the audit knows what either allows.
                call.LeftAt = call.LeavesAfter is { } after && time.GetUtcNow() - call.SentAt >= after ? call.SentAt + after : null;
            }

            call.EndedAt = time.GetUtcNow();
            book.End(call);
            if (call.IsWhole)
            {
                call.Gateway.MarkServed();
            }

            await Task.Delay(TimeSpan.FromMilliseconds(dice.Next(2, call.Status is 402 or 429 ? 120 : 20)), time);
        }
    }

    private ChatCall NewCall(GatewayLife gateway)
    {
        string token = $"c{number}-{calls++}";
        return new ChatCall
        {
            Token = token,
            Key = company.Keys[dice.Next(8) == 0 ? dice.Next(company.Keys.Count) : number % company.Keys.Count],
            Model = ChatModel.All[dice.Next(ChatModel.All.Count)].Name,
            Streamed = dice.Next(100) < StreamsPercent,
            OutputTokensMax = dice.Next(4, 300),
            Prompt = $"[[{token}]] ".PadRight(dice.Next(40, 1200), 'x'),
            LeavesAfter = dice.Next(100) < habits.LeavesPercent ? TimeSpan.FromMilliseconds(dice.Next(1, 600)) : null,
            QueueMs = dice.Next(100) < habits.QueuesPercent ? dice.Next(1, 2_000) : null,
            Gateway = gateway,
        };
    }

    private async Task SendToAnyAsync(ChatCall call)
    {
        for (int tries = 1; ; tries++)
        {
            try
            {
                await SendAsync(call);
                return;
            }
            catch (HttpRequestException exception) when (exception.HttpRequestError == HttpRequestError.ConnectionError && tries < targets.ConnectTriesMax)
            {
                // Nobody got any of it.
                call.Gateway = await targets.ChooseAsync(dice);
            }
        }
    }

    private async Task SendAsync(ChatCall call)
    {
        using var patience = new CancellationTokenSource(call.LeavesAfter ?? PatienceMax);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(call.Gateway.Url, "/v1/chat/completions")) { Content = BodyOf(call) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", call.Key.Secret);
        if (call.QueueMs is { } queueMs)
        {
            request.Headers.Add("x-aiorleans-queue-ms", queueMs.ToString(CultureInfo.InvariantCulture));
        }

        using HttpResponseMessage response = await http.SendAsync(request, patience.Token);
        call.Status = (int)response.StatusCode;
        call.RequestId = ValueOf(response, "x-aiorleans-request-id");
        call.DeniedBy = ValueOf(response, "x-aiorleans-denied-by");
        string body = await response.Content.ReadAsStringAsync(patience.Token);
        call.Failure = call.Status == 200 ? null : body;
        call.IsWhole = call.Status == 200 && (!call.Streamed || body.EndsWith("data: [DONE]\n\n", StringComparison.Ordinal));
    }

    private static StringContent BodyOf(ChatCall call) => new(
        JsonSerializer.Serialize(new
        {
            model = call.Model,
            messages = new[] { new { role = "user", content = call.Prompt } },
            max_tokens = call.OutputTokensMax,
            stream = call.Streamed,
        }),
        Encoding.UTF8,
        "application/json");

    private static string? ValueOf(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out IEnumerable<string>? values) ? values.First() : null;
}
