using Freshet.Core.Torrents;

namespace Freshet.Core.Sessions;

/// <summary>
/// All that a <see cref="SessionMachine"/> can ask for. Every call returns at once, and none calls back into the machine.
/// </summary>
internal interface ISessionEffects
{
    /// <summary>Tells a torrent what it may use now.</summary>
    void Allot(TorrentKey torrent, Allotment allotment);

    /// <summary>
    /// Tells how many blocks of payload any torrent may hold from now on; a torrent that holds more gets none until it does not.
    /// </summary>
    void AllotBlocks(int most);

    /// <summary>Gives an incoming connection to its torrent.</summary>
    /// <param name="connection">Which, as named in OnIncoming.</param>
    /// <param name="mustReplace">Whether the torrent can keep it only in exchange for another of its own.</param>
    void Admit(IncomingKey connection, bool mustReplace);

    /// <summary>Ends an incoming connection for which there is no room.</summary>
    void Refuse(IncomingKey connection);

    /// <summary>
    /// Tells a torrent to end its least useful connection, since another has too few. Answered by OnDisconnected, or by OnNoRoomMade.
    /// </summary>
    void MakeRoom(TorrentKey torrent);
}
