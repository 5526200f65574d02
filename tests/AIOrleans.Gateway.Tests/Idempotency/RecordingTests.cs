using System.Text;
using AIOrleans.Gateway.Idempotency;
using AIOrleans.Testing;
using Microsoft.Extensions.Options;

namespace AIOrleans.Gateway.Tests.Idempotency;

public sealed class RecordingTests
{
    private const int BytesMax = 200_000;

    private static readonly RecordedHead Head = new(200, "text/event-stream", IsStream: true, []);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    private readonly Recordings recordings = new(
        Options.Create(new IdempotencyOptions { AnswerBytesMax = BytesMax, RecordingBytesMax = 1_000_000, RecordingsMax = 2 }), TimeProvider.System);

    [Fact]
    public async Task Many_readers_that_come_at_any_time_read_the_same_bytes_in_order()
    {
        Recording recording = New("a");
        recording.Begin(Head);
        var readings = new List<Task<string>>();
        for (int i = 0; i < 1_000; i++)
        {
            if (i % 50 == 0)
            {
                readings.Add(ReadAllAsync(recording));
            }

            recording.Append(Bytes($"{i} "));
        }

        recording.Close(RecordingEnd.Whole);
        readings.Add(ReadAllAsync(recording));

        string whole = string.Concat(Enumerable.Range(0, 1_000).Select(i => $"{i} "));
        Assert.All(await Task.WhenAll(readings).WaitAsync(Patience), text => Assert.Equal(whole, text));
        Assert.Equal(whole, Encoding.UTF8.GetString(recording.ToKept()!.Body.Span)); // ! Compared.
    }

    [Fact]
    public async Task Pieces_added_by_another_thread_are_never_missed()
    {
        for (int round = 0; round < 200; round++)
        {
            Recording recording = New($"r{round}");
            recording.Begin(Head);
            Task<string> reading = Task.Run(() => ReadAllAsync(recording));
            await Task.Run(() =>
            {
                for (int i = 0; i < 20; i++)
                {
                    recording.Append(Bytes("x"));
                }

                recording.Close(RecordingEnd.Whole);
            });

            Assert.Equal(20, (await reading.WaitAsync(Patience)).Length);
            recordings.Remove(recording);
        }
    }

    [Fact]
    public void Memory_is_given_back_when_neither_leader_nor_reader_needs_it()
    {
        Recording recording = New("a");
        recording.Append(new byte[1_000]);
        RecordingReader reader = recording.TryJoin()!; // ! Just begun.
        Assert.InRange(recordings.Bytes, 1_000, 1_200);

        recordings.Remove(recording);
        recording.Release();
        Assert.InRange(recordings.Bytes, 1_000, 1_200);
        reader.Dispose();

        Assert.Equal((0, 0L), (recordings.Count, recordings.Bytes));
    }

    [Fact]
    public async Task Too_large_an_answer_is_let_go_behind_its_readers_and_one_far_behind_is_cut_off()
    {
        Recording recording = New("a");
        recording.Begin(Head);
        using RecordingReader keen = recording.TryJoin()!; // ! Just begun.
        using RecordingReader idle = recording.TryJoin()!; // ! Just begun.
        int read = 0;
        for (int i = 0; i < 100; i++)
        {
            recording.Append(new byte[10_000]);
            read += (await keen.NextAsync(CancellationToken.None))!.Value.Length; // ! Just added.
        }

        recording.Close(RecordingEnd.Whole);
        Assert.Equal((1_000_000, false), (read, keen.IsCutOff));
        Assert.Null(await keen.NextAsync(CancellationToken.None));
        Assert.True(idle.IsCutOff);
        Assert.Null(await idle.NextAsync(CancellationToken.None));
        Assert.Null(recording.TryJoin());
        Assert.Null(recording.ToKept());
        Assert.True(recordings.Bytes < BytesMax + 10_000);
    }

    [Fact]
    public void Too_large_an_answer_that_nobody_reads_takes_no_memory()
    {
        Recording recording = New("a");
        recording.Append(new byte[BytesMax]);
        recording.Append(new byte[1]);

        Assert.Equal(0, recordings.Bytes);
    }

    [Fact]
    public void Answers_beyond_the_memory_of_all_are_not_kept()
    {
        var one = new Recordings(Options.Create(new IdempotencyOptions { RecordingBytesMax = 1_500 }), TimeProvider.System);
        Recording first = one.Enter("first", "f", out _)!; // ! The first fits.
        Recording second = one.Enter("second", "f", out _)!; // ! So does the second: nothing is recorded yet.
        first.Append(new byte[1_000]);
        second.Append(new byte[1_000]);
        second.Close(RecordingEnd.Whole);

        Assert.Null(second.TryJoin());
        Assert.NotNull(first.TryJoin());
    }

    [Fact]
    public void One_recording_too_many_is_refused_and_those_that_run_can_be_followed()
    {
        Recording first = New("a");
        New("b");

        Assert.Null(recordings.Enter("c", "f", out _));
        Assert.Same(first, recordings.Enter("a", "f", out bool isNew));
        Assert.False(isNew);
    }

    [Fact]
    public void A_call_is_abandoned_a_while_after_its_last_listener_left_and_not_if_one_came_back()
    {
        var clock = new TimerClock();
        using var audience = new Audience(Wait, clock);
        audience.Leave();
        clock.Advance(Wait - TimeSpan.FromSeconds(1));
        audience.Join();
        clock.Advance(Wait);
        Assert.False(audience.Abandoned.IsCancellationRequested);

        audience.Leave();
        clock.Advance(Wait - TimeSpan.FromSeconds(1));
        audience.Prolong();
        clock.Advance(Wait - TimeSpan.FromSeconds(1));
        Assert.False(audience.Abandoned.IsCancellationRequested);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(audience.Abandoned.IsCancellationRequested);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static async Task<string> ReadAllAsync(Recording recording)
    {
        using RecordingReader reader = recording.TryJoin()!; // ! Small enough to be kept.
        var text = new StringBuilder();
        while (await reader.NextAsync(CancellationToken.None) is { } piece)
        {
            text.Append(Encoding.UTF8.GetString(piece.Span));
        }

        return text.ToString();
    }

    private Recording New(string key) => recordings.Enter(key, "f", out _)!; // ! Within the bounds.
}
