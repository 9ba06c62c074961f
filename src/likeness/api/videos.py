"""Endpoints of videos."""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from likeness.actions.videos import VideoBody, start_video
from likeness.api.context import Caller, Ctx, FileUrl
from likeness.api.envelope import Answer
from likeness.api.once import Once
from likeness.jobs.schemas import Triggered
from likeness.videos import service as videos
from likeness.videos.schemas import VideoDownload, VideoRecord, video_record, video_url
from likeness.wire import Record

router = APIRouter(prefix="/videos", tags=["Videos"])


class VideoPage(Record):
    """One page of videos; its numbers stand beside the result, as those of a model's images do."""

    page: int
    pageSize: int
    result: list[VideoRecord]
    status: str = "OK"


@router.post(
    "/generation",
    operation_id="triggerVideoGenerationJob",
    summary="Make videos",
    response_model=Answer[Triggered],
)
def generate_videos(context: Ctx, caller: Caller, once: Once, body: VideoBody) -> Response:
    """Starts a job that makes `numVideos` videos by a public model; poll the job."""
    with once.write() as transaction:
        job_id = start_video(
            transaction,
            caller,
            body,
            context.own_file,
            context.settings.public_videos_by,
            context.settings.provider_keys.keys(),
            context.terms,
        )
        return once.answer(transaction, Answer(result=Triggered(jobId=job_id)))


@router.get("", operation_id="listVideos", summary="List your videos")
async def list_videos(
    context: Ctx,
    caller: Caller,
    file_url: FileUrl,
    pageNum: Annotated[int, Query(ge=1, le=1_000_000)] = 1,
    pageSize: Annotated[int, Query(ge=1, le=100)] = 20,
) -> VideoPage:
    """One page of the account's videos, newest first."""
    rows = await context.read(videos.list_videos, caller, pageNum, pageSize)
    return VideoPage(
        page=pageNum, pageSize=pageSize, result=[video_record(row, file_url) for row in rows]
    )


@router.get("/{videoID}", operation_id="getVideo", summary="Read a video's metadata")
async def get_video(
    context: Ctx, caller: Caller, file_url: FileUrl, videoID: str
) -> Answer[VideoRecord]:
    """The record of one of your videos."""
    row = await context.read(videos.get_video, caller, videoID)
    return Answer(result=video_record(row, file_url))


@router.delete("/{videoID}", operation_id="deleteVideo", summary="Delete a video")
def delete_video(context: Ctx, caller: Caller, videoID: str) -> Answer[str]:
    """Deletes a video and its file."""
    with context.folder.database.write() as transaction:
        key = videos.remove_video(transaction, caller, videoID)
    context.folder.discard(key)
    return Answer(result="Video deleted")


@router.get(
    "/{videoID}/create-download",
    operation_id="createVideoDownload",
    summary="Ask for a video's file",
)
async def create_download(context: Ctx, caller: Caller, videoID: str) -> Answer[str]:
    """Answers at once: a video is a file as soon as it is there."""
    await context.read(videos.get_video, caller, videoID)
    return Answer(result="The download is ready")


@router.get(
    "/{videoID}/download", operation_id="getVideoDownload", summary="Where a video's file is"
)
async def get_download(
    context: Ctx, caller: Caller, file_url: FileUrl, videoID: str
) -> Answer[VideoDownload]:
    """The URL of the MP4, whether or not it was asked for before."""
    row = await context.read(videos.get_video, caller, videoID)
    return Answer(result=VideoDownload(url=video_url(row, file_url)))
