using System.Buffers;
using AIOrleans.Core.Directory;

namespace AIOrleans.Providers.Simulated;

/// <summary>The event stream of a plan, written as it is read: each word when it is due, everything that is due at once.</summary>
/// <remarks>Not thread-safe, as streams are.</remarks>
internal sealed class SimulatedStream(SimulatedPlan plan, SimulationConfig config, bool usageAsked, TimeProvider time) : Stream
{
    private readonly SimulatedWriter writer = new(plan, time.GetUtcNow().ToUnixTimeSeconds());
    private readonly ArrayBufferWriter<byte> pending = new(1024);
    private readonly long startedAt = time.GetTimestamp();
    private int pendingAt;

    /// <summary>Words written to every choice so far; -1 before the roles.</summary>
    private int words = -1;
    private bool isEnded;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (pendingAt == pending.WrittenCount && !isEnded)
        {
            await WaitForNextAsync(cancellationToken);
            Fill(buffer.Length);
        }

        int length = Math.Min(buffer.Length, pending.WrittenCount - pendingAt);
        pending.WrittenSpan.Slice(pendingAt, length).CopyTo(buffer.Span);
        pendingAt += length;
        return length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private bool IsStalled => plan.Stalls && words >= plan.OutputTokens / 2;

    private async ValueTask WaitForNextAsync(CancellationToken cancellationToken)
    {
        TimeSpan wait = IsStalled ? Timeout.InfiniteTimeSpan : DueIn();
        if (wait != TimeSpan.Zero)
        {
            await Task.Delay(wait, time, cancellationToken);
        }
    }

    /// <summary>Writes what is due, at least one step, and no more than a reader takes.</summary>
    private void Fill(int bytesWanted)
    {
        pending.ResetWrittenCount();
        pendingAt = 0;
        do
        {
            WriteStep();
        }
        while (!isEnded && !IsStalled && pending.WrittenCount < bytesWanted && DueIn() == TimeSpan.Zero);
    }

    private void WriteStep()
    {
        bool isLast = words == plan.OutputTokens;
        for (int choice = 0; choice < plan.Choices; choice++)
        {
            if (words < 0)
            {
                writer.WriteRole(pending, choice, usageAsked);
            }
            else if (!isLast)
            {
                writer.WriteWord(pending, choice, words, usageAsked);
            }
            else
            {
                writer.WriteFinish(pending, choice, usageAsked);
            }
        }

        if (!isLast)
        {
            words++;
            return;
        }

        if (usageAsked)
        {
            writer.WriteUsageChunk(pending);
        }

        pending.Write("data: [DONE]\n\n"u8);
        isEnded = true;
    }

    /// <summary>Until the next step is due. The roles are due at once, the end with the last word.</summary>
    private TimeSpan DueIn()
    {
        if (config.TokensPerSecond <= 0 || words < 0 || words == plan.OutputTokens)
        {
            return TimeSpan.Zero;
        }

        TimeSpan due = SimulatedHandler.DurationOf(words + 1, config) - time.GetElapsedTime(startedAt);
        return due > TimeSpan.Zero ? due : TimeSpan.Zero;
    }
}
