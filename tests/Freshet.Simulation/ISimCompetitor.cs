using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>A torrent as seen by its simulated session.</summary>
internal interface ISimCompetitor
{
    void OnAllotted(Allotment allotment);

    void OnMakeRoom();
}
