using AIOrleans.Testing.Serialization;
using Orleans;

namespace AIOrleans.Engine.Tests.Embedded;

/// <summary>Only here, because Orleans' own compiler would refuse some of these messages.</summary>
public sealed class SerializerAnnotationsTests
{
    [Fact]
    public void Everything_that_lacks_a_mark_is_found_with_the_way_to_it()
    {
        string[] missing =
        [
            .. SerializerAnnotations.FindMissing([typeof(SerializerAnnotationsTests).Assembly])
                .Where(static line => line.Contains("Message", StringComparison.Ordinal)).Order(StringComparer.Ordinal),
        ];
        Assert.Equal(
            [
                $"IMessagesGrain.SendAsync(forgetful) > DerivedMessage: {typeof(DerivedMessage)} has neither [GenerateSerializer] nor a [RegisterConverter] surrogate.",
                "IMessagesGrain.SendAsync(forgetful): ForgetfulMessage.Forgotten has no [Id].",
                "IMessagesGrain.SendAsync(forgetful): ForgetfulMessage.Twice has the same [Id(0)] as Good.",
                $"IMessagesGrain.SendAsync(unmarked): {typeof(UnmarkedMessage)} has neither [GenerateSerializer] nor a [RegisterConverter] surrogate.",
                $"events of MessagesGrain: {typeof(UnmarkedEventMessage)} has neither [GenerateSerializer] nor a [RegisterConverter] surrogate.",
                $"result of IMessagesGrain.SendAsync: {typeof(UnmarkedResultMessage)} has neither [GenerateSerializer] nor a [RegisterConverter] surrogate.",
            ],
            missing);
    }
}

public interface IMessagesGrain : IGrainWithStringKey
{
    Task<IReadOnlyList<UnmarkedResultMessage>> SendAsync(UnmarkedMessage unmarked, Dictionary<string, ForgetfulMessage[]> forgetful, RecordMessage record, ForeignMessage? foreign);
}

public abstract class MessagesGrain : Orleans.Streams.IAsyncObserver<UnmarkedEventMessage>
{
    public abstract Task OnNextAsync(UnmarkedEventMessage item, Orleans.Streams.StreamSequenceToken? token = null);

    public abstract Task OnErrorAsync(Exception ex);
}

public class UnmarkedMessage;

public class UnmarkedResultMessage;

public class UnmarkedEventMessage;

[GenerateSerializer]
public class ForgetfulMessage
{
    [Id(0)]
    public int Good { get; set; }

    [Id(0)]
    public int Twice { get; set; }

    public int Forgotten { get; set; }

    public int Computed => Good;
}

public sealed class DerivedMessage : ForgetfulMessage;

[GenerateSerializer]
public sealed record RecordMessage(int Positional, [property: Id(7)] string Numbered);

/// <summary>Cannot be marked, and has a surrogate.</summary>
public struct ForeignMessage
{
    public int Value { get; set; }
}

[GenerateSerializer]
public struct ForeignMessageSurrogate
{
    [Id(0)]
    public int Value { get; set; }
}

[RegisterConverter]
public sealed class ForeignMessageConverter : IConverter<ForeignMessage, ForeignMessageSurrogate>
{
    public ForeignMessage ConvertFromSurrogate(in ForeignMessageSurrogate surrogate) => new() { Value = surrogate.Value };

    public ForeignMessageSurrogate ConvertToSurrogate(in ForeignMessage value) => new() { Value = value.Value };
}
