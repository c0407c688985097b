using System.Net;

namespace Freshet.Core.Peers;

/// <summary>Who sent a block, as long as that may matter, which is longer than its connection.</summary>
/// <param name="Origin">Whom to blame for it.</param>
/// <param name="EndPoint">Where it came from, for people to read; null for a web seed.</param>
internal readonly record struct BlockSender(Origin Origin, IPEndPoint? EndPoint);
