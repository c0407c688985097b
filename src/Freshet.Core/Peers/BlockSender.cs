using System.Net;

namespace Freshet.Core.Peers;

/// <summary>The sender of a block, kept for as long as it may matter, which can be longer than its connection.</summary>
/// <param name="Origin">The origin to blame for the block.</param>
/// <param name="EndPoint">The address that it came from, for display; null for a web seed.</param>
internal readonly record struct BlockSender(Origin Origin, IPEndPoint? EndPoint);
