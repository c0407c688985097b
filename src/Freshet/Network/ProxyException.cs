using System.Net.Sockets;

namespace Freshet.Network;

/// <summary>A proxy does not open the way to a target, or is not there. The message names the proxy, and is complete.</summary>
internal sealed class ProxyException(SocketError error, string message) : SocketException((int)error, message);
