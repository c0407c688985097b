using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>A proxy does not connect to a target, or cannot be reached. The message names the proxy, and is complete.</summary>
internal sealed class ProxyException(SocketError error, string message) : SocketException((int)error, message);
