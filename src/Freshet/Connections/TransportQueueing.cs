namespace Freshet.Connections;

/// <summary>How long packets of a transport wait in queues on the path.</summary>
/// <param name="Sent">Those that we send.</param>
/// <param name="Received">Those that we receive.</param>
internal readonly record struct TransportQueueing(TimeSpan Sent, TimeSpan Received);
