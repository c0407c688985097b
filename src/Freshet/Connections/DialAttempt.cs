using System.Net;
using Freshet.Core.Peers;

namespace Freshet.Connections;

/// <summary>An attempt to connect to a peer that was not cancelled.</summary>
/// <param name="Target">The peer.</param>
/// <param name="Transport">The transport.</param>
/// <param name="Path">What it goes through.</param>
/// <param name="IsEncrypted">Whether it was encrypted.</param>
/// <param name="IsGood">Whether it succeeded.</param>
internal readonly record struct DialAttempt(EndPoint Target, PeerTransport Transport, PeerPath Path, bool IsEncrypted, bool IsGood);
