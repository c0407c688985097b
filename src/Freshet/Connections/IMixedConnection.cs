using System.Net;

namespace Freshet.Connections;

/// <summary>What is measured of a connection over one transport that shares the line with those over another. Thread-safe.</summary>
internal interface IMixedConnection
{
    IPEndPoint RemoteEndPoint { get; }

    /// <summary>The total number of bytes received.</summary>
    long BytesReceived { get; }

    /// <summary>The total number of bytes sent.</summary>
    long BytesSent { get; }

    /// <summary>How long packets wait in queues on the path; null if it is not known.</summary>
    TransportQueueing? Queueing { get; }
}
