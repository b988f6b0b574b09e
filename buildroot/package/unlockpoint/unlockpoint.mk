################################################################################
#
# unlockpoint
#
################################################################################

# The tree is built where it lies. The golang infrastructure builds without the
# network, and fetches no modules for a local site: "go mod vendor" comes first.
UNLOCKPOINT_VERSION = local
UNLOCKPOINT_SITE = $(BR2_EXTERNAL_UNLOCKPOINT_PATH)/..
UNLOCKPOINT_SITE_METHOD = local
UNLOCKPOINT_LICENSE = Apache-2.0, OFL-1.1 (fonts)
UNLOCKPOINT_LICENSE_FILES = LICENSE display/theme/fonts/OFL.txt
UNLOCKPOINT_DEPENDENCIES = host-pkgconf pcsc-lite
UNLOCKPOINT_GOMOD = unlockpoint
UNLOCKPOINT_BUILD_TARGETS = cmd/terminal
UNLOCKPOINT_LDFLAGS = -s -w

$(eval $(golang-package))
