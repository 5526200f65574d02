namespace AIOrleans.Core.Ports;

/// <summary>The store could not be reached in time. Nothing is known to have been written; the same call may be tried again.</summary>
public sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
