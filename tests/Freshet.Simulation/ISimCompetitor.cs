using Freshet.Core.Torrents;

namespace Freshet.Simulation;

/// <summary>A torrent as its simulated session speaks to it.</summary>
internal interface ISimCompetitor
{
    void OnAllotted(Allotment allotment);

    void OnMakeRoom();
}
