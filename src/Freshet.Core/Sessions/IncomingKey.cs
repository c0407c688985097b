namespace Freshet.Core.Sessions;

/// <summary>Names a connection that came in and belongs to no torrent yet.</summary>
internal readonly record struct IncomingKey(int Value);
