using System.Net;
using Freshet.Core.Metainfo;
using Freshet.Persistence;
using Freshet.SimulatedFiles;
using Freshet.Tests.Sessions;

namespace Freshet.Tests.Reliability;

/// <summary>
/// The metadata of a link arrives, and the run is ended at every moment at which the disk changed: a start that finds the metadata also
/// knows which files are wanted.
/// </summary>
public sealed class LearnCrashTests
{
    private const int TornVariants = 3;

    [Fact]
    public async Task Whenever_a_run_ends_the_metadata_is_never_there_without_the_selection_of_its_files()
    {
        SampleData sample = SampleData.Make(64 * 1024, null, 200_000, 100_000);
        SimulatedFileSystem disk = new() { KeepsHistory = true };
        await using (Session session = await StartAsync(disk))
        {
            Torrent torrent = await session.AddAsync(
                TorrentSource.Magnet(new MagnetLink { InfoHash = sample.Metainfo.InfoHash, SelectedFiles = [new FileRange(1, 1)] }),
                new TorrentOptions { StopAtMetadata = true },
                TestContext.Current.CancellationToken);
            torrent.Actor.PostMetadata(sample.Metainfo.InfoBytes);
            await torrent.WaitForMetadataAsync(TestContext.Current.CancellationToken).Bounded();
        }

        (int with, int without) = (0, 0);
        IReadOnlyList<DiskImage> history = disk.History;
        for (int moment = 0; moment < history.Count; moment++)
        {
            foreach ((Ending ending, int seed) in Endings(moment))
            {
                StateFolder left = new("/state", new SimulatedFileSystem(history[moment].After(ending, new Random(seed))));
                if (Find(left, sample.Metainfo.SwarmHash) is not { } metainfo)
                {
                    without++;
                    continue;
                }

                with++;
                (TorrentRecord? record, _) = left.LoadResume(metainfo);
                string where = $"moment {moment}, {ending}, seed {seed}";
                Assert.True(record is not null, where);
                Assert.True(record.Options.FilePriorities is [FilePriority.Skip, FilePriority.Normal], where);
                Assert.True(record.Run == RunState.Stopped, where);
            }
        }

        Assert.True(with > 10 && without > 10, $"{with} with metadata, {without} without");
    }

    private static TorrentMetainfo? Find(StateFolder state, InfoHash infoHash)
    {
        try
        {
            return state.TorrentOf(infoHash).Read();
        }
        catch (FreshetException)
        {
            return null;
        }
    }

    private static IEnumerable<(Ending Ending, int Seed)> Endings(int moment)
    {
        foreach (Ending ending in (Ending[])[Ending.Kill, Ending.NothingSurvives, Ending.NamesSurvive, Ending.DataSurvives])
            yield return (ending, 0);
        for (int i = 0; i < TornVariants; i++)
            yield return (Ending.Torn, (moment * TornVariants) + i);
    }

    private static Task<Session> StartAsync(SimulatedFileSystem disk) => Session.StartAsync(
        new SessionOptions
        {
            DownloadFolder = "/data",
            StateFolder = "/state",
            FileSystem = disk,
            BindAddress = IPAddress.Loopback,
            ListenPort = 0,
        },
        TestContext.Current.CancellationToken);
}
