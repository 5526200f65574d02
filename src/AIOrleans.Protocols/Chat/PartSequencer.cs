using System.Buffers;

namespace AIOrleans.Protocols.Chat;

/// <summary>
/// Brings parts that grow side by side one after another, for clients that cannot be told of two at a time: what belongs to a later one waits until the earlier
/// has ended. Models write nearly always in order, and then nothing waits.
/// </summary>
internal sealed class PartSequencer(IStreamWriter inner) : IStreamWriter
{
    /// <summary>Characters that may wait; no model writes as much in one answer.</summary>
    private const long WaitingLengthMax = 4 * 1024 * 1024;

    /// <summary>Characters that a step counts for beside its text: bounds the number of steps.</summary>
    private const int StepLength = 32;

    private readonly Dictionary<int, Sequence> choices = [];
    private long waitingLength;

    public bool IsFull => waitingLength > WaitingLengthMax || inner.IsFull;

    public long NextSequence => inner.NextSequence;

    public void Write(ChatEvent step, IBufferWriter<byte> output)
    {
        if (PlaceOf(step) is not { } place)
        {
            inner.Write(step, output);
            return;
        }

        if (!choices.TryGetValue(place.Choice, out Sequence? sequence))
        {
            sequence = new Sequence();
            choices.Add(place.Choice, sequence);
        }

        sequence.Current ??= place.Part;
        if (sequence.Current == place.Part)
        {
            inner.Write(step, output);
            if (step is ChatEvent.PartEnded)
            {
                WriteWaiting(sequence, output);
            }
        }
        else if (!IsFull)
        {
            waitingLength += LengthOf(step);
            sequence.Wait(place.Part, step);
        }
    }

    /// <summary>Writes what has waited: parts that have ended meanwhile, and the first that has not, which goes on from here.</summary>
    private void WriteWaiting(Sequence sequence, IBufferWriter<byte> output)
    {
        sequence.Current = null;
        while (sequence.Current is null && sequence.TryTake() is { } next)
        {
            sequence.Current = next.Part;
            foreach (ChatEvent step in next.Steps)
            {
                waitingLength -= LengthOf(step);
                inner.Write(step, output);
                sequence.Current = step is ChatEvent.PartEnded ? null : sequence.Current;
            }
        }
    }

    private static long LengthOf(ChatEvent step) => StepLength + (step is ChatEvent.Grown grown ? grown.Text.Length + (grown.LogProbs?.Utf8.Length ?? 0) : 0);

    private static (int Choice, int Part)? PlaceOf(ChatEvent step) => step switch
    {
        ChatEvent.Grown grown => (grown.Choice, grown.Index),
        ChatEvent.PartBegun begun => (begun.Choice, begun.Index),
        ChatEvent.PartEnded ended => (ended.Choice, ended.Index),
        ChatEvent.Signed signed => (signed.Choice, signed.Index),
        _ => null,
    };

    /// <summary>The parts of one choice.</summary>
    private sealed class Sequence
    {
        /// <summary>In the order in which they began.</summary>
        private readonly List<(int Part, List<ChatEvent> Steps)> waiting = [];

        /// <summary>The part that is being written; null: none.</summary>
        public int? Current { get; set; }

        public void Wait(int part, ChatEvent step)
        {
            int at = waiting.FindIndex(one => one.Part == part);
            if (at < 0)
            {
                at = waiting.Count;
                waiting.Add((part, []));
            }

            waiting[at].Steps.Add(step);
        }

        public (int Part, List<ChatEvent> Steps)? TryTake()
        {
            if (waiting.Count == 0)
            {
                return null;
            }

            (int Part, List<ChatEvent> Steps) first = waiting[0];
            waiting.RemoveAt(0);
            return first;
        }
    }
}
