using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AIOrleans.Chaos.Company;
using AIOrleans.Chaos.Gateways;

namespace AIOrleans.Chaos.Calls;

/// <summary>One caller: calls, waits a little, and calls again, with a random model, size and patience.</summary>
internal sealed class ChatCaller(int number, int seed, TestCompany company, Fleet fleet, CallBook book, HttpMessageInvoker http, TimeProvider time)
{
    private const int LeavesPercent = 10;
    private const int StreamsPercent = 60;
    private const int QueuesPercent = 25;

    /// <summary>Longest wait for an answer: beyond every timeout and stall, so that hitting it is a finding.</summary>
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(45);

    private readonly Random dice = new(((seed * 7919) + number) & int.MaxValue);
    private int calls;

    /// <summary>Calls until <paramref name="stop"/>; a call that runs then is finished.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            ChatCall call = NewCall(await fleet.CurrentAsync(dice.Next(fleet.Count)));
            book.Add(call);
            call.SentAt = time.GetUtcNow();
            try
            {
                await SendAsync(call);
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or OperationCanceledException)
            {
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
            LeavesAfter = dice.Next(100) < LeavesPercent ? TimeSpan.FromMilliseconds(dice.Next(1, 600)) : null,
            QueueMs = dice.Next(100) < QueuesPercent ? dice.Next(1, 2_000) : null,
            Gateway = gateway,
        };
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
