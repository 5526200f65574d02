using System.Net;
using System.Text;
using AIOrleans.Host.Tests.Running;

namespace AIOrleans.Host.Tests.Protocols;

/// <summary>Broken calls over the wire: whatever the bytes, the gateway answers, and never as if it were at fault.</summary>
public sealed class MutatedCallTests
{
    private const int CallCount = 400;

    [Theory]
    [InlineData("/v1/chat/completions", """{"model":"sim-1","messages":[{"role":"user","content":[{"type":"text","text":"Hi \u00e9"}]}],"max_completion_tokens":3,"stream":true,"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"}}}]}""")]
    [InlineData("/v1/responses", """{"model":"sim-1","input":[{"role":"user","content":[{"type":"input_text","text":"Hi"}]}],"max_output_tokens":3,"stream":true,"reasoning":{"effort":"low"}}""")]
    [InlineData("/v1/completions", """{"model":"sim-1","prompt":"Hi","max_tokens":3,"stream":true}""")]
    [InlineData("/v1/embeddings", """{"model":"sim-1","input":["Hi",[1,2,3]],"encoding_format":"base64"}""")]
    [InlineData("/v1/messages", """{"model":"sim-1","max_tokens":3,"stream":true,"system":[{"type":"text","text":"Be brief."}],"messages":[{"role":"user","content":[{"type":"text","text":"Hi"}]}]}""")]
    [InlineData("/v1/messages/count_tokens", """{"model":"sim-1","messages":[{"role":"user","content":"Hi"}],"tools":[{"name":"f","input_schema":{"type":"object"}}]}""")]
    [InlineData("/v1beta/models/sim-1:streamGenerateContent?alt=sse", """{"contents":[{"role":"user","parts":[{"text":"Hi"},{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}],"generationConfig":{"maxOutputTokens":3}}""")]
    public async Task A_mutated_call_is_answered_and_never_with_500(string path, string call)
    {
        await using RunningGateway gateway = await RunningGateway.StartAsync(TestConfig.Json(new Uri("http://127.0.0.1:1/v1")));
        byte[] body = Encoding.UTF8.GetBytes(call);
        var random = new Random(20_260_101);
        int refused = 0;
        for (int i = 0; i < CallCount; i++)
        {
            byte[] mutated = Mutate(body, random);
            using var content = new ByteArrayContent(mutated);
            content.Headers.ContentType = new("application/json");

            using HttpResponseMessage response = await gateway.Client.PostAsync(path, content);

            string answer = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode != HttpStatusCode.InternalServerError, $"{Encoding.UTF8.GetString(mutated)}: {answer}");
            refused += response.IsSuccessStatusCode ? 0 : 1;
        }

        // Most mutations break the JSON; all of them would mean that nothing was served.
        Assert.InRange(refused, CallCount / 4, CallCount);
        await gateway.AssertNothingHeldAsync();
    }

    /// <summary>One to three bytes changed, cut out, or put in twice.</summary>
    private static byte[] Mutate(byte[] source, Random random)
    {
        List<byte> bytes = [.. source];
        for (int left = random.Next(1, 4); left > 0; left--)
        {
            int at = random.Next(bytes.Count);
            int length = Math.Min(random.Next(1, 12), bytes.Count - at);
            switch (random.Next(3))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1 when bytes.Count > length:
                    bytes.RemoveRange(at, length);
                    break;
                default:
                    bytes.InsertRange(at, bytes.GetRange(at, length));
                    break;
            }
        }

        return [.. bytes];
    }
}
