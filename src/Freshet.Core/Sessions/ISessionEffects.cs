using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>
/// Everything that a <see cref="SessionMachine"/> can ask for. Every call returns at once, and none calls back into the machine.
/// </summary>
internal interface ISessionEffects
{
    /// <summary>Sends a torrent its current allotment.</summary>
    void Allot(TorrentKey torrent, Allotment allotment);

    /// <summary>
    /// Sets how many payload blocks any torrent may hold from now on; a torrent that holds more gets none until it is below that.
    /// </summary>
    void AllotBlocks(int most);

    /// <summary>Hands an incoming connection to its torrent.</summary>
    /// <param name="connection">The connection, as identified in OnIncoming.</param>
    /// <param name="mustReplace">Whether the torrent can keep it only by closing another of its connections.</param>
    void Admit(IncomingKey connection, bool mustReplace);

    /// <summary>Closes an incoming connection for which there is no room.</summary>
    void Refuse(IncomingKey connection);

    /// <summary>
    /// Asks a torrent to close its least useful connection, since another torrent has too few. Answered by OnDisconnected or OnNoRoomMade.
    /// </summary>
    void MakeRoom(TorrentKey torrent);
}
