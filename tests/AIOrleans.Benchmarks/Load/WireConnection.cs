using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace AIOrleans.Benchmarks.Load;

/// <summary>One connection of the generator, which makes one call after the other, and checks and counts each answer.</summary>
internal sealed class WireConnection : IDisposable
{
    private readonly LoadPlan plan;
    private readonly int port;
    private readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly AnswerReader answer = new();
    private readonly byte[] received;
    private readonly byte[][] requests;
    private readonly int[] marksAt;
    private int eventsSeen;
    private int readTo;

    public WireConnection(LoadPlan plan, int port)
    {
        this.plan = plan;
        this.port = port;
        received = new byte[plan.Connections > 1000 ? 4096 : 65536];
        requests = [.. plan.Keys.Select(RequestOf)];
        marksAt = Array.ConvertAll(requests, request => CallMark.Find(request));
    }

    public CallCounts Counts { get; } = new();

    public async Task ConnectAsync() => await socket.ConnectAsync(plan.Host, port);

    /// <summary>Makes one call; never throws for what the other side does.</summary>
    /// <param name="dueAt">When it was to be sent: waiting for this connection counts.</param>
    /// <returns>False when the connection is of no further use.</returns>
    public async Task<bool> CallAsync(long id, int key, long dueAt)
    {
        try
        {
            byte[] request = requests[key];
            CallMark.Renumber(request, marksAt[key], id);
            answer.Reset();
            eventsSeen = 0;
            readTo = 0;
            Counts.AddBegun(dueAt, Stopwatch.GetTimestamp());
            for (int sent = 0; sent < request.Length;)
            {
                sent += await socket.SendAsync(request.AsMemory(sent), SocketFlags.None);
            }

            long firstByteAt = 0;
            while (!answer.IsComplete)
            {
                int count = await socket.ReceiveAsync(received, SocketFlags.None);
                if (count == 0)
                {
                    throw new IOException("The connection was closed within an answer.");
                }

                long now = Stopwatch.GetTimestamp();
                firstByteAt = firstByteAt == 0 ? now : firstByteAt;
                answer.Append(received.AsSpan(0, count));
                ReadEvents(now);
            }

            Counts.Add(dueAt, firstByteAt, Stopwatch.GetTimestamp(), Mistake(id), eventsSeen, TokensIn("\"completion_tokens\":"u8), TokensIn("\"prompt_tokens\":"u8));
            return true;
        }
        catch (Exception exception) when (exception is SocketException or IOException or FormatException)
        {
            Counts.AddBroken(exception.Message);
            return false;
        }
    }

    public void Dispose() => socket.Dispose();

    /// <summary>Counts the events that have ended, and how long each was under way by the instant that the provider wrote into it.</summary>
    private void ReadEvents(long now)
    {
        if (plan.Events == 0)
        {
            return;
        }

        ReadOnlySpan<byte> body = answer.Body;
        while (body[readTo..].IndexOf("\n\n"u8) is >= 0 and int length)
        {
            ReadOnlySpan<byte> one = body.Slice(readTo, length);
            readTo += length + 2;
            int at = one.IndexOf("at="u8);
            if (at >= 0 && Utf8Parser.TryParse(one[(at + 3)..], out long writtenAt, out _))
            {
                Counts.AddEvent(now - writtenAt, isFirst: eventsSeen == 0);
                eventsSeen++;
            }
        }
    }

    private string? Mistake(long id)
    {
        ReadOnlySpan<byte> body = answer.Body;
        if (answer.Status != 200)
        {
            return string.Create(CultureInfo.InvariantCulture, $"Status {answer.Status}: {Encoding.UTF8.GetString(body[..Math.Min(300, body.Length)])}");
        }

        if (body.IndexOf(Encoding.ASCII.GetBytes(new CallMark(id, plan.Events, plan.GapMs, plan.AnswerBytes).ToString())) < 0)
        {
            return "The answer is not to this call: it lacks its mark.";
        }

        if (plan.Events > 0)
        {
            return eventsSeen != plan.Events ? $"{eventsSeen} events of {plan.Events}."
                : body.IndexOf("data: [DONE]"u8) < 0 ? "The stream has no end mark."
                : null;
        }

        return body.Length < plan.AnswerBytes ? $"{body.Length} bytes of {plan.AnswerBytes}." : null;
    }

    private long TokensIn(ReadOnlySpan<byte> name)
    {
        int at = answer.Body.LastIndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(answer.Body[(at + name.Length)..].TrimStart((byte)' '), out long tokens, out _) ? tokens : 0;
    }

    private byte[] RequestOf(string key)
    {
        string mark = new CallMark(0, plan.Events, plan.GapMs, plan.AnswerBytes).ToString();
        string opening = $$"""{"model":"gpt-4o","max_tokens":1000,{{(plan.Events > 0 ? "\"stream\":true,\"stream_options\":{\"include_usage\":true}," : "")}}"messages":[{"role":"user","content":"{{mark}} """;
        string body = opening + new string('x', Math.Max(1, plan.BodyBytes - opening.Length - 4)) + "\"}]}";
        StringBuilder head = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"POST {plan.Path} HTTP/1.1\r\nHost: {plan.Host}:{port}\r\nAuthorization: Bearer {key}\r\n")
            .Append(CultureInfo.InvariantCulture, $"Content-Type: application/json\r\nContent-Length: {body.Length}\r\n");
        foreach (string line in plan.Headers)
        {
            head.Append(line).Append("\r\n");
        }

        return Encoding.ASCII.GetBytes(head.Append("\r\n").Append(body).ToString());
    }
}
