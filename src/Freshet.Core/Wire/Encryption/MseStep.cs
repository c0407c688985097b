namespace Freshet.Core.Wire.Encryption;

/// <summary>What a handshake needs next of whoever runs it.</summary>
internal enum MseStep
{
    /// <summary>
    /// Bytes of the other side, put into <see cref="MseHandshake.Room"/>, and <see cref="MseHandshake.OnReceived(int)"/>.
    /// </summary>
    Receive,

    /// <summary>To have <see cref="MseHandshake.Output"/> sent, and <see cref="MseHandshake.OnSent"/>.</summary>
    Send,

    /// <summary><see cref="MseHandshake.Agree"/>, on a thread that has a few milliseconds to spare.</summary>
    Agree,

    /// <summary>The torrent that <see cref="MseResponder.Wanted"/> names, and <see cref="MseResponder.OnFound"/>.</summary>
    Find,

    /// <summary>Nothing: the stream goes on with the ciphers that were agreed on.</summary>
    Done,

    /// <summary>Nothing: <see cref="MseHandshake.Failure"/> has the reason.</summary>
    Failed,
}
