namespace Orleans.Compat.Streams;

/// <summary>An observer attached to a subscription, whatever its type of event.</summary>
internal interface IStreamSink;
