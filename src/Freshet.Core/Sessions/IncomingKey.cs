namespace Freshet.Core.Sessions;

/// <summary>Identifies an incoming connection that does not belong to a torrent yet.</summary>
internal readonly record struct IncomingKey(int Value);
