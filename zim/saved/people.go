package saved

import (
	"context"

	"backscroll/zim"
)

// QueryGroupMemberList fails: a file has no members.
func (f *File) QueryGroupMemberList(context.Context, zim.QueryGroupMemberListRequest) (*zim.GroupMemberPage, error) {
	return nil, errNothing()
}

// QueryUserOnlineState fails: nobody is online in a file.
func (f *File) QueryUserOnlineState(context.Context, zim.QueryUserOnlineStateRequest) (*zim.UserStates, error) {
	return nil, errNothing()
}

// QueryGroupsInfoOfUser fails: a file does not say who is in which group.
func (f *File) QueryGroupsInfoOfUser(context.Context, zim.QueryGroupsInfoOfUserRequest) (*zim.JoinedGroupPage, error) {
	return nil, errNothing()
}
